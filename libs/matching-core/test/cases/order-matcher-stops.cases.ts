import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** order-matcher's stop and quote amount tests. */
const stops: Suite = {
  name: 'order-matcher stop',
  cases: [
    ...bothSides(
      'StopLimit Entered_In_Stop_Book_Empty_Book_No_Market_Rate_Buy',
      'StopLimit ... Sell',
      'without a last price a stop limit waits',
      `a al buy 5 stop 105 @106
      = stops a
      = bids -`,
    ),
    ...bothSides(
      'StopMarket Entered_In_Stop_Book_Empty_Book_No_Market_Rate_Buy',
      'StopMarket ... Sell',
      'without a last price a stop waits',
      `a al buy 5 stop 105
      = stops a`,
    ),
    ...bothSides(
      'StopLimit CancelOrder_Stop_Limit_Order_Entered_In_Stop_Book_For_Buy',
      'StopLimit ... Sell',
      'a waiting stop limit is cancelled',
      `a al buy 5 stop 105 @106
      cancel a
      > cancel a 5 requested
      = stops -`,
    ),
    ...bothSides(
      'StopMarket CancelOrder_Stop_Market_Order_Entered_In_Stop_Book_With_Market_Rate_For_Buy',
      'StopMarket ... Sell',
      'a waiting stop is cancelled',
      `m bo sell 1 @100
      t cy buy 1 @100
      > trade m t 1@100
      a al buy 5 stop 105
      cancel a
      > cancel a 5 requested`,
    ),
    ...bothSides(
      'StopLimit AddOrder_Triggers_Stop_Limit_Order_Buy',
      'StopLimit AddOrder_Triggers_Stop_Limit_Order_Ask',
      'a trade at the stop price puts the limit on the book',
      `a al buy 5 stop 105 @106
      m bo sell 1 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      = bids 5@106
      = stops -`,
    ),
    ...bothSides(
      'StopLimit CancelOrder_Cancels_Triggered_Stop_Limit_Order_Buy',
      'StopLimit ... Sell',
      'a triggered stop limit is cancelled as a limit',
      `a al buy 5 stop 105 @106
      m bo sell 1 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      cancel a
      > cancel a 5 requested
      = bids -`,
    ),
    ...bothSides(
      'StopLimit Added_To_Book_If_Stop_Price_Is_Less_Than_Market_Buy',
      'StopLimit ... More_Than_Market_Sell',
      'a stop limit already reached goes to the book at once',
      `m bo sell 1 @110
      t cy buy 1 @110
      > trade m t 1@110
      a al buy 5 stop 105 @106
      > trigger a
      = bids 5@106`,
    ),
    ...bothSides(
      'StopMarket Added_To_Book_If_Stop_Price_Is_Less_Than_Market_Buy',
      'StopMarket ... More_Than_Market_Sell',
      'a stop already reached trades at once',
      `m bo sell 5 @110
      t cy buy 1 @110
      > trade m t 1@110
      a al buy 5 stop 105
      > trigger a
      > trade m a 4@110
      > cancel a 1 no_liquidity`,
    ),
    ...bothSides(
      'StopLimit Trigger_And_Matches_As_Taker_Buy',
      'StopLimit ... Sell',
      'a triggered stop limit takes',
      `a al buy 5 stop 105 @107
      m bo sell 1 @105
      n bo sell 9 @107
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      > trade n a 5@107`,
    ),
    ...bothSides(
      'StopMarket Trigger_And_Matches_As_Taker_Buy',
      'StopMarket ... Sell',
      'a triggered stop takes',
      `a al buy 5 stop 105
      m bo sell 1 @105
      n bo sell 9 @107
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      > trade n a 5@107`,
    ),
    ...bothSides(
      'StopMarket Trigger_And_Cancelled',
      'StopMarket ... Sell',
      'a triggered stop without liquidity is cancelled',
      `a al buy 5 stop 105
      m bo sell 1 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      > cancel a 5 no_liquidity`,
    ),
    ...bothSides(
      'StopLimit Triggers_Stop_Limit_Order_Buy_Time_Priority',
      'StopLimit ... Sell',
      'stops at a price trigger in the order of entry',
      `a al buy 5 stop 105 @106
      b bo buy 5 stop 105 @106
      c cy buy 5 stop 105 @106
      m di sell 1 @105
      t al2 buy 1 @105
      > trade m t 1@105
      > trigger a
      > trigger b
      > trigger c
      = queue @106 a b c`,
    ),
    [
      'StopLimit AddOrder_RejectsOrder_IfPriceQuantityStopPriceNegative',
      'a negative price is refused',
      `a al buy 5 stop 105 @-1
      > reject malformed_command`,
    ],
  ],
};

const quotes: Suite = {
  name: 'order-matcher quote amount',
  cases: [
    [
      'OrderAmount AddOrder_Rejects_InvalidOrderAmount_Order',
      'a negative amount is refused',
      `a al buy $-1000 market
      > reject malformed_command`,
    ],
    [
      'OrderAmount ... ForLimitBuy',
      'an amount on a limit order is refused',
      `a al buy $1 @1
      > reject combination_invalid`,
    ],
    [
      'OrderAmount ... ForStopLimitBuy',
      'an amount on a stop limit is refused',
      `a al buy $1 stop 2 @1
      > reject combination_invalid`,
    ],
    [
      'OrderAmount StopMarket',
      'an amount on a stop is refused',
      `a al buy $1 stop 2
      > reject combination_invalid`,
    ],
    [
      'OrderAmount FOK',
      'an amount with FOK is refused',
      `a al buy $1 market fok
      > reject combination_invalid`,
    ],
    [
      'OrderAmount GTD',
      'an amount with an expiry is refused',
      `a al buy $1 market till 9
      > reject combination_invalid`,
    ],
    [
      'OrderAmount Iceberg',
      'an amount with a peak is refused',
      `a al buy $1 market peak 1
      > reject combination_invalid`,
    ],
    [
      'OrderAmount BookOrCancel',
      'an amount with post-only is refused',
      `a al buy $1 market post
      > reject combination_invalid`,
    ],
    [
      'OrderAmount AddOrder_Cancels_MarketOrderAmountIfNoSellAvailable',
      'an empty side cancels',
      `a al buy $10 market
      > cancel a 0 no_liquidity
      = cash al 1000000000 reserved 0`,
    ],
    [
      'OrderAmount Matches_Order_With_Open_Orders_For_Buy',
      'the amount buys what it can',
      `m al sell 1000 @10
      a bo buy $5000 market
      > trade m a 500@10
      > cancel a 0 quote_spent
      = asks 500@10`,
    ],
    [
      'OrderAmount Matches_Order_And_Cancel_Remaining_Orders_For_Buy',
      'an amount above the liquidity returns',
      `m al sell 500 @10
      a bo buy $10000 market
      > trade m a 500@10
      > cancel a 0 no_liquidity
      = cash bo 999995000 reserved 0`,
    ],
    [
      'OrderAmount Multiple_Matches_Order_With_Open_Orders_For_Buy',
      'two amounts eat one maker',
      `m al sell 1000 @10
      a bo buy $5000 market
      > trade m a 500@10
      > cancel a 0 quote_spent
      b cy buy $5000 market
      > trade m b 500@10
      > cancel b 0 quote_spent
      = asks -`,
    ],
    [
      'OrderAmount Matches_Multiple_Order_With_Open_Orders_For_Buy',
      'an amount walks the book down to whole lots',
      `m al sell 500 @10
      n al sell 500 @11
      a bo buy $10000 market
      > trade m a 500@10
      > trade n a 454@11
      > cancel a 0 quote_spent
      = cash bo 999990006 reserved 0
      = asks 46@11`,
    ],
    [
      'OrderAmount sell',
      'an amount may also be raised by selling',
      `m al buy 500 @10
      a bo sell $1000 market
      > trade m a 100@10
      > cancel a 0 quote_spent
      = tokens bo 999900 reserved 0`,
    ],
    [
      'OrderAmount protection',
      'a protection price bounds an amount',
      `m al sell 1 @10
      n al sell 9 @12
      a bo buy $1000 market@11
      > trade m a 1@10
      > cancel a 0 no_liquidity`,
    ],
  ],
};

export const orderMatcherStops: readonly Suite[] = [stops, quotes];
