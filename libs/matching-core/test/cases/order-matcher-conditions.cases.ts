import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** order-matcher's grid: post-only, fill or kill, immediate or cancel, good till date. */
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

export const orderMatcherConditions: readonly Suite[] = [conditions, goodTillDate];
