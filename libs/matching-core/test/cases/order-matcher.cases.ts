import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** order-matcher's grid of order type and condition; a self-match action belongs to the incoming order, as ours. */
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

const conditions: Suite = {
  name: 'order-matcher conditions',
  cases: [
    ...bothSides(
      'BookOrCancel AddOrder_Cancels_BookOrCancel_If_Matching_Sell_Available',
      'BookOrCancel ... Buy',
      'post-only does not take',
      `m al sell 5 @100
      t bo buy 5 @100 post
      > reject post_only_would_take`,
    ),
    ...bothSides(
      'BookOrCancel AddOrder_Does_Not_Cancels_BookOrCancel_If_Not_Matching_Sell_Available',
      'BookOrCancel ... Buy',
      'post-only rests beside',
      `m al sell 5 @100
      t bo buy 5 @99 post
      = bids 5@99`,
    ),
    ...bothSides(
      'BookOrCancel AddOrder_Does_Not_Cancels_BookOrCancel_If_No_Sell_Available',
      'BookOrCancel ... Buy',
      'post-only rests in an empty book',
      `t bo buy 5 @99 post
      = bids 5@99`,
    ),
    ...bothSides(
      'BookOrCancel slide',
      'BookOrCancel slide sell',
      'a sliding post-only rests one tick away',
      `m al sell 5 @100
      t bo buy 5 @105 slide
      = bids 5@99
      = asks 5@100`,
    ),
    [
      'BookOrCancel Stop',
      'a post-only stop is refused',
      `t bo buy 5 stop 105 post
      > reject combination_invalid`,
    ],
    [
      'BookOrCancel Iceberg cancels',
      'a post-only iceberg that would take is refused',
      `m al buy 5 @100
      t bo sell 50 @100 peak 5 post
      > reject post_only_would_take`,
    ],
    [
      'BookOrCancel Iceberg accepts',
      'a post-only iceberg beside rests',
      `m al buy 5 @100
      t bo sell 50 @101 peak 5 post
      = asks 5@101`,
    ],
    ...bothSides(
      'FOK AddOrder_CancelsFullQuantityLimitFOKOrder_IfNotEnoughSellAvailable',
      'FOK ... Buy',
      'too little kills',
      `m al sell 5 @100
      t bo buy 6 @100 fok
      > cancel t 6 fok_unfillable`,
    ),
    ...bothSides(
      'FOK AddOrder_FillsFullQuantityFOKLimitOrder_IfEnoughIsSellAvailable',
      'FOK ... Buy',
      'enough fills',
      `m al sell 7 @100
      t bo buy 6 @100 fok
      > trade m t 6@100`,
    ),
    [
      'FOK GTD',
      'a FOK with an expiry is refused',
      `t bo buy 6 @100 till 5 fok
      > reject combination_invalid`,
    ],
    [
      'FOK Iceberg',
      'a FOK iceberg is refused',
      `t bo buy 6 @100 peak 2 fok
      > reject combination_invalid`,
    ],
    [
      'FOK Stop',
      'a FOK stop is refused',
      `t bo buy 6 @100 stop 105 fok
      > reject combination_invalid`,
    ],
    [
      'IOC GTD',
      'an IOC with an expiry is refused',
      `t bo buy 6 @100 till 5 ioc
      > reject combination_invalid`,
    ],
    [
      'IOC Iceberg',
      'an IOC iceberg is refused',
      `t bo buy 6 @100 peak 2 ioc
      > reject combination_invalid`,
    ],
    [
      'IOC Stop',
      'an IOC stop is refused',
      `t bo buy 6 stop 105 ioc
      > reject combination_invalid`,
    ],
    ...bothSides(
      'IOC AddOrder_Cancels_ImmediateOrCancel_If_Pending_Limit_Buy',
      'IOC ... Sell',
      'the rest is cancelled',
      `m al sell 5 @100
      t bo buy 6 @100 ioc
      > trade m t 5@100
      > cancel t 1 ioc_remainder`,
    ),
    ...bothSides(
      'IOC AddOrder_Cancels_ImmediateOrCancel_If_No_Match_Limit_Buy',
      'IOC ... Sell',
      'no match cancels',
      `m al sell 5 @101
      t bo buy 6 @100 ioc
      > cancel t 6 ioc_remainder`,
    ),
    ...bothSides(
      'IOC AddOrder_Does_Not_Cancels_ImmediateOrCancel_If_Full_Match_Limit_Buy',
      'IOC ... Sell',
      'a full match cancels nothing',
      `m al sell 6 @100
      t bo buy 6 @100 ioc
      > trade m t 6@100`,
    ),
  ],
};

const goodTillDate: Suite = {
  name: 'order-matcher good till date',
  prelude: 'time 10',
  cases: [
    [
      'GTD AddOrder_Cancels_AlreadyPassedCancelledOn',
      'a past expiry is refused',
      `a al buy 5 @100 till 9
      > reject expire_time_passed`,
    ],
    [
      'GTD AddOrder_Cancels_AlreadyEqualCancelledOn',
      'an expiry of now is refused',
      `a al buy 5 @100 till 10
      > reject expire_time_passed`,
    ],
    [
      'GTD AddOrder_Accepts_CancelledOnFuture',
      'a future expiry is accepted',
      `a al buy 5 @100 till 11
      = bids 5@100`,
    ],
    [
      'GTD AddOrder_CancelsPendingOrderBeforeMatch',
      'an expired order does not match',
      `a al buy 5 @100 till 11
      time 11
      > cancel a 5 expired_time
      b bo sell 5 @100
      = asks 5@100`,
    ],
    [
      'GTD AddOrder_MatchesWithPendingOrder',
      'before its expiry it matches',
      `a al buy 5 @100 till 12
      time 11
      b bo sell 5 @100
      > trade a b 5@100`,
    ],
    [
      'GTD AddOrder_CancelsMultiplePendingOrderBeforeMatch',
      'several expire by expiry, then id',
      `a al buy 5 @100 till 13
      b al buy 5 @101 till 12
      c al buy 5 @102 till 13
      d al sell 5 @110 till 12
      time 20
      > cancel b 5 expired_time
      > cancel d 5 expired_time
      > cancel a 5 expired_time
      > cancel c 5 expired_time
      = bids -`,
    ],
    [
      'GTD Iceberg',
      'an iceberg expires with all it hides',
      `a al buy 50 @100 till 12 peak 5
      time 12
      > cancel a 50 expired_time`,
    ],
    [
      'GTD StopLimit pending',
      'a waiting stop limit expires',
      `a al buy 5 stop 105 @106 till 12
      time 12
      > cancel a 5 expired_time
      = stops -`,
    ],
    [
      'GTD StopMarket pending',
      'a waiting stop expires',
      `a al buy 5 stop 105 till 12
      time 12
      > cancel a 5 expired_time`,
    ],
    [
      'GTD StopLimit triggered',
      'a triggered stop limit keeps its expiry',
      `a al buy 5 stop 105 @106 till 12
      m bo sell 1 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      = bids 5@106
      time 12
      > cancel a 5 expired_time`,
    ],
    [
      'GTD StopLimit triggered matches',
      'a triggered stop limit takes',
      `a al buy 5 stop 105 @106 till 12
      m bo sell 6 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      > trade m a 5@105`,
    ],
  ],
};

const icebergs: Suite = {
  name: 'order-matcher iceberg',
  cases: [
    ...bothSides(
      'Iceberg AddOrder_AddsTip_IfIcebergOrderIsAddedSellSide',
      'Iceberg AddOrder_AddsTip buy',
      'only the peak shows',
      `a al sell 5000 @100 peak 500
      = asks 500@100
      = order a cum 0 leaves 5000 shown 500`,
    ),
    ...bothSides(
      'Iceberg CancelOrder_CancelsFullOrder_IfNoFillIcebergOrderBuySide',
      'Iceberg ... other side',
      'a cancel takes all',
      `a al sell 5000 @100 peak 500
      cancel a
      > cancel a 5000 requested`,
    ),
    [
      'Iceberg CancelOrder_CancelCorrectAmount_IfIcebergOrderPartiallyFilledBuy',
      'a cancel takes what is left',
      `a al sell 5000 @100 peak 500
      b bo buy 500 @100
      > trade a b 500@100
      c cy buy 200 @100
      > trade a c 200@100
      = order a cum 700 leaves 4300 shown 300
      cancel a
      > cancel a 4300 requested`,
    ],
    [
      'Iceberg CancelOrder_RejectsRequest_IfIcebergOrderMatchedFully',
      'a filled iceberg cannot be cancelled',
      `a al sell 1500 @100 peak 500
      b bo buy 500 @100
      > trade a b 500@100
      c bo buy 500 @100
      > trade a c 500@100
      d bo buy 500 @100
      > trade a d 500@100
      cancel a
      > reject too_late`,
    ],
    ...bothSides(
      'Iceberg AddOrder_AddsTip_IfIcebergeOrderTipIsMatchedSell',
      'Iceberg ... buy',
      'an incoming iceberg takes before it shows a peak',
      `m al buy 500 @100
      a bo sell 1500 @100 peak 500
      > trade m a 500@100
      = order a cum 500 leaves 1000 shown 500`,
    ),
    [
      'Iceberg AddOrder_AddsMoreTip_IfIcebergeOrderTipIsMatchedSell',
      'and takes more than a peak',
      `m al buy 500 @100
      n al buy 400 @100
      a bo sell 1500 @100 peak 500
      > trade m a 500@100
      > trade n a 400@100
      = order a cum 900 leaves 600 shown 500`,
    ],
    [
      'Iceberg AddOrder_AddsAllTip_IfIcebergeOrderTipIsMatchedSell',
      'and all of it',
      `m al buy 500 @100
      n al buy 400 @101
      o al buy 600 @100
      a bo sell 1500 @100 peak 500
      > trade n a 400@101
      > trade m a 500@100
      > trade o a 600@100
      = order a gone`,
    ],
    [
      'Iceberg AddOrder_AddsAllTip_IfIcebergeOrderTipIsMatchedWithSingleHugeOrderSell',
      'and all of it from one order',
      `m al buy 5000 @100
      a bo sell 5000 @100 peak 500
      > trade m a 5000@100
      = order a gone`,
    ],
    [
      'Iceberg AddOrder_RejectsOrder_TipQuantityMoreThanTotalQuantity',
      'a peak above the quantity is refused',
      `a al sell 409 @100 peak 500
      > reject display_quantity_invalid`,
    ],
    [
      'Iceberg CancelOrder_CancelsCorrectAmount_IfLastTipIsPartiallyRemainingBuy',
      'the last peak is what is left',
      `a al sell 1200 @100 peak 500
      b bo buy 500 @100
      > trade a b 500@100
      c bo buy 500 @100
      > trade a c 500@100
      = order a cum 1000 leaves 200 shown 200
      d bo buy 100 @100
      > trade a d 100@100
      cancel a
      > cancel a 100 requested`,
    ],
    [
      'Iceberg AddOrder_AddedAllTip_IfMatchedWithHugeOrder',
      'a large taker takes peak after peak',
      `a al sell 1200 @100 peak 500
      b bo buy 1200 @100
      > trade a b 500@100
      > trade a b 500@100
      > trade a b 200@100
      = asks -`,
    ],
    [
      'Iceberg replenishes at the tail',
      'a new peak queues behind the others',
      `a al sell 30 @100 peak 10
      b bo sell 10 @100
      t cy buy 15 @100
      > trade a t 10@100
      > trade b t 5@100
      = queue @100 b a
      u cy buy 10 @100
      > trade b u 5@100
      > trade a u 5@100`,
    ],
    [
      'Iceberg AddOrder_RejectsOrder_IfIcebergOrderIsStopMarketOrder',
      'an iceberg stop without limit is refused',
      `a al sell 30 stop 90 peak 10
      > reject combination_invalid`,
    ],
    [
      'Iceberg AddOrder_AddsToStopBook_IfIcebergOrderIsStopOrder',
      'an iceberg stop limit waits, then shows its peak',
      `a al sell 30 stop 90 @95 peak 10
      = stops a
      m bo buy 1 @90
      t cy sell 1 @90
      > trade m t 1@90
      > trigger a
      = asks 10@95
      = order a cum 0 leaves 30 shown 10`,
    ],
    [
      'Iceberg AddOrder_IcebergHasHigherPriotityThanStopOrder',
      'an iceberg fills before the stop its fills trigger',
      `i al sell 30 @100 peak 10
      s bo buy 5 stop 100
      t cy buy 20 @100
      > trade i t 10@100
      > trade i t 10@100
      > trigger s
      > trade i s 5@100`,
    ],
  ],
};

const selfMatch: Suite = {
  name: 'order-matcher self-match',
  cases: [
    ...bothSides(
      'SelfMatch Match',
      'SelfMatch Match sell',
      'mode none trades',
      `a al buy 1000 @100 none
      b al sell 1000 @100 none
      > trade a b 1000@100`,
    ),
    ...bothSides(
      'SelfMatch CancelNewest',
      'SelfMatch CancelNewest sell',
      'the incoming order goes',
      `a al buy 1000 @100
      b al sell 900 @100 newest
      > prevent a b 900
      > cancel b 900 self_trade
      = bids 1000@100`,
    ),
    ...bothSides(
      'SelfMatch CancelOldest',
      'SelfMatch CancelOldest sell',
      'the resting order goes',
      `a al buy 1000 @100
      b al sell 900 @100 oldest
      > prevent a b 900
      > cancel a 1000 self_trade
      = asks 900@100
      = bids -`,
    ),
    ...bothSides(
      'SelfMatch CancelBoth',
      'SelfMatch CancelBoth sell',
      'both go',
      `a al buy 1000 @100
      b al sell 900 @100 both
      > prevent a b 900
      > cancel a 1000 self_trade
      > cancel b 900 self_trade`,
    ),
    ...bothSides(
      'SelfMatch Decrement_IncomingLargerQuantity',
      'SelfMatch ... sell',
      'the smaller goes, the larger shrinks',
      `a al buy 1000 @100
      b al sell 1100 @100 decrement
      > prevent a b 1000
      > cancel a 1000 self_trade
      > restate b 100
      = asks 100@100`,
    ),
    ...bothSides(
      'SelfMatch Decrement_IncomingSmallerQuantity',
      'SelfMatch ... sell',
      'the incoming goes, the resting shrinks',
      `a al buy 1000 @100
      b al sell 900 @100 decrement
      > prevent a b 900
      > restate a 100
      > cancel b 900 self_trade
      = bids 100@100`,
    ),
    [
      'SelfMatch only the taker counts',
      "the resting order's mode does not matter",
      `a al buy 10 @100 both
      b al sell 10 @100 none
      > trade a b 10@100`,
    ],
    [
      'SelfMatchIceberg CancelOldest',
      'all of an own iceberg goes',
      `a al sell 5000 @100 peak 500
      b bo buy 500 @100
      > trade a b 500@100
      c al buy 200 @100 oldest
      > prevent a c 200
      > cancel a 4500 self_trade
      = bids 200@100`,
    ],
    [
      'SelfMatchIceberg CancelNewest',
      'an own iceberg stays whole',
      `a al sell 5000 @100 peak 500
      c al buy 200 @100 newest
      > prevent a c 200
      > cancel c 200 self_trade
      = order a cum 0 leaves 5000 shown 500`,
    ],
    [
      'SelfMatchIceberg Decrement',
      'an own iceberg shrinks',
      `a al sell 5000 @100 peak 500
      b bo buy 500 @100
      > trade a b 500@100
      c al buy 200 @100 decrement
      > prevent a c 200
      > restate a 4300
      > cancel c 200 self_trade
      = order a cum 500 leaves 4300 shown 300`,
    ],
    [
      'SelfMatchIceberg Decrement peaks',
      'an own iceberg shrinks peak by peak',
      `a al sell 1200 @100 peak 500
      c al buy 700 @100 decrement
      > prevent a c 500
      > restate a 700
      > restate c 200
      > prevent a c 200
      > restate a 500
      > cancel c 200 self_trade
      = order a cum 0 leaves 500 shown 300`,
    ],
    [
      'SelfMatchIceberg incoming CancelNewest',
      'an incoming iceberg goes whole',
      `a al buy 1000 @100
      b al sell 5000 @100 peak 500 newest
      > prevent a b 1000
      > cancel b 5000 self_trade`,
    ],
    [
      'SelfMatchIceberg incoming CancelOldest',
      'an incoming iceberg rests its peak',
      `a al buy 1000 @100
      b al sell 5000 @100 peak 500 oldest
      > prevent a b 1000
      > cancel a 1000 self_trade
      = order b cum 0 leaves 5000 shown 500`,
    ],
    [
      'SelfMatchIceberg incoming Decrement',
      'an incoming iceberg shrinks and rests its peak',
      `a al buy 1000 @100
      b al sell 5000 @100 peak 500 decrement
      > prevent a b 1000
      > cancel a 1000 self_trade
      > restate b 4000
      = order b cum 0 leaves 4000 shown 500`,
    ],
  ],
};

export const orderMatcher: readonly Suite[] = [
  limits,
  lots,
  markets,
  conditions,
  goodTillDate,
  icebergs,
  selfMatch,
];
