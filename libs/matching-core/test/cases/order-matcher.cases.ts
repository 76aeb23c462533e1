import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** order-matcher's grid of order type and condition: limit, common rules, step size, market. */
const limits: Suite = {
  name: 'order-matcher limit and common',
  cases: [
    ...bothSides(
      'Limit AddOrder_Normal_Limit_Pending_Order',
      'Limit AddOrder_Normal_Limit_Pending_Order sell',
      'a limit order rests',
      `a al buy 10 @100
      = bids 10@100
      = asks -`,
    ),
    ...bothSides(
      'Limit AddOrder_Normal_Limit_And_Cancel',
      'Limit CancelOrder_Removes_Orders_If_Exists',
      'and is cancelled',
      `a al buy 10 @100
      cancel a
      > cancel a 10 requested
      = bids -`,
    ),
    [
      'Limit CancelOrder_If_Orders_Does_Not_Already_Cancelled_Call_OnCancel',
      'a second cancel is too late',
      `a al buy 10 @100
      cancel a
      > cancel a 10 requested
      cancel a
      > reject too_late`,
    ],
    ...bothSides(
      'Limit AddOrder_Normal_Limit_Matches_With_Pending_Order',
      'Limit ... sell',
      'equal sizes fill each other',
      `a al buy 10 @100
      b bo sell 10 @100
      > trade a b 10@100
      = bids -
      = asks -`,
    ),
    [
      'Limit AddOrder_Normal_Limit_Rejects_Cancel_After_Match',
      'a filled order cannot be cancelled',
      `a al buy 10 @100
      b bo sell 10 @100
      > trade a b 10@100
      cancel a
      > reject too_late
      cancel b
      > reject too_late`,
    ],
    ...bothSides(
      'Limit AddOrder_Normal_Limit_Cancel_Remaining_After_Match',
      'Limit ... sell',
      'what is left after a match is cancelled',
      `a al buy 10 @100
      b bo sell 6 @100
      > trade a b 6@100
      cancel a
      > cancel a 4 requested
      = fix a 4 4 6 0`,
    ),
    ...bothSides(
      'Limit AddOrder_Normal_Limit_Deos_Not_Matches_With_Pending_Order_If_Limit_Not_Satisfy',
      'Limit ... sell',
      'prices that do not cross do not trade',
      `a al buy 10 @100
      b bo sell 10 @101
      = bids 10@100
      = asks 10@101`,
    ),
    [
      'Limit AddOrder_Normal_Limit_Complex_Matching_Scenario',
      'orders of both sides meet one after the other',
      `a al buy 10 @100
      b bo sell 10 @101
      c cy buy 10 @99
      d di sell 10 @99
      > trade a d 10@100
      e di sell 20 @98
      > trade c e 10@99
      = asks 10@98 10@101
      f al buy 15 @101
      > trade e f 10@98
      > trade b f 5@101
      = asks 5@101
      = bids -`,
    ],
    [
      'Common AddOrder_RejectsOrder_IfQuantityIsNegative',
      'a negative quantity is refused',
      `a al buy -10 @100
      > reject malformed_command`,
    ],
    [
      'Common AddOrder_RejectsOrder_IfPriceIsNegative',
      'a negative price is refused',
      `a al buy 10 @-100
      > reject malformed_command`,
    ],
    [
      'Common AddOrder_RejectsOrder_IfStopPriceIsNegative',
      'a negative stop price is refused',
      `a al buy 10 stop -100
      > reject malformed_command`,
    ],
    [
      'Common AddOrder_Rejects_Duplicate_Order',
      'an id is used once',
      `a al buy 10 @100
      b=1 al buy 10 @100
      > reject duplicate_order_id`,
    ],
    [
      'Common AddOrder_Rejects_InvalidPrice_Order',
      'a limit order needs a price',
      `a al buy 10 @0
      > reject price_out_of_range`,
    ],
    [
      'Common AddOrder_Rejects_InvalidQuantity_Order',
      'an order needs a quantity',
      `a al buy 0 @100
      > reject quantity_out_of_range`,
    ],
    [
      'Common AddOrder_Rejects_InvalidStopPrice_Order',
      'a stop needs a stop price',
      `a al buy 10 stop 0
      > reject stop_price_out_of_range`,
    ],
  ],
};

const lots: Suite = {
  name: 'order-matcher step size',
  config: { lotSize: 10, tickSize: 5 },
  cases: [
    [
      'Limit AddOrder_Rejects_OpenQuantityNotMultipleOfStepSize2_Order',
      'a quantity off the lot is refused',
      `a al buy 15 @100
      > reject quantity_not_on_lot`,
    ],
    [
      'Limit AddOrder_Accepts_OpenQuantityMultipleOfStepSize_Order',
      'a quantity on the lot is accepted',
      `a al buy 20 @100
      = bids 20@100`,
    ],
    [
      'Iceberg AddOrder_Rejects_TotalQuantityNotMultipleOfStepSize_Order',
      'an iceberg off the lot is refused',
      `a al buy 15 @100 peak 10
      > reject quantity_not_on_lot`,
    ],
    [
      'Iceberg AddOrder_Rejects_TipQuantityNotMultipleOfStepSize_Order',
      'a peak off the lot is refused',
      `a al buy 100 @100 peak 15
      > reject display_quantity_invalid`,
    ],
    [
      'Iceberg AddOrder_Accepts_QuantityMultipleOfStepSize_Order',
      'an iceberg on the lot is accepted',
      `a al buy 100 @100 peak 20
      = bids 20@100`,
    ],
    [
      'Price off the tick',
      'a price off the tick is refused',
      `a al buy 100 @101
      > reject price_not_on_tick
      b al buy 100 stop 101
      > reject stop_price_not_on_tick`,
    ],
  ],
};

const markets: Suite = {
  name: 'order-matcher market',
  cases: [
    ...bothSides(
      'Market Normal_Market_After_Match_Pending_Qty_Cancelled_Buy',
      'Market Normal_Market_After_Match_Pending_Qty_Cancelled_Sell',
      'the rest is cancelled',
      `m al sell 5 @100
      t bo buy 8 market
      > trade m t 5@100
      > cancel t 3 no_liquidity`,
    ),
    ...bothSides(
      'Market AddOrder_Normal_Market_Matches_Order_With_Open_Orders_For_Buy',
      'Market ... Sell',
      'a smaller market order leaves the maker',
      `m al sell 10 @100
      t bo buy 5 market
      > trade m t 5@100
      = asks 5@100`,
    ),
    ...bothSides(
      'Market AddOrder_Normal_Market_Multiple_Matches_Order_With_Open_Orders_For_Buy',
      'Market ... Sell',
      'two market orders eat one maker',
      `m al sell 10 @100
      t bo buy 5 market
      > trade m t 5@100
      u cy buy 5 market
      > trade m u 5@100
      = asks -`,
    ),
    ...bothSides(
      'Market AddOrder_Normal_Market_Matches_Multiple_Order_With_Open_Orders_For_Buy',
      'Market ... Sell',
      'one market order eats two makers',
      `m al sell 5 @100
      n al sell 5 @101
      t bo buy 10 market
      > trade m t 5@100
      > trade n t 5@101`,
    ),
    ...bothSides(
      'Market AddOrder_Normal_Market_Cancel_Order_If_Pending_Buy_And_No_Sell_And_No_Match',
      'Market ... Sell',
      'an empty side cancels a market order',
      `m al buy 5 @99
      t bo buy 10 market
      > cancel t 10 no_liquidity
      = bids 5@99`,
    ),
    ...bothSides(
      'FOK AddOrder_CancelsFullQuantityFOKMarketOrder_IfNotEnoughSellAvailable',
      'FOK ... Buy',
      'a FOK market order with too little is killed',
      `m al sell 5 @100
      t bo buy 6 market fok
      > cancel t 6 fok_unfillable`,
    ),
    ...bothSides(
      'FOK AddOrder_FillsFullQuantityFOKMarketOrder_IfNotEnoughSellAvailable',
      'FOK ... Buy',
      'a FOK market order with enough fills',
      `m al sell 5 @100
      n al sell 5 @105
      t bo buy 6 market fok
      > trade m t 5@100
      > trade n t 1@105`,
    ),
    [
      'Market BookOrCancel',
      'a post-only market order is refused',
      `t bo buy 6 market post
      > reject combination_invalid`,
    ],
    [
      'Market GoodTillDate',
      'a market order with an expiry is refused',
      `t bo buy 6 market till 5
      > reject combination_invalid`,
    ],
    [
      'Market Iceberg',
      'a market iceberg is refused',
      `t bo buy 6 market peak 2
      > reject combination_invalid`,
    ],
  ],
};

export const orderMatcher: readonly Suite[] = [limits, lots, markets];
