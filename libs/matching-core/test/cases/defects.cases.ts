import type { Suite } from './play.js';

/** Reproducible defects of the leading npm engine, 1 lot = 0.01, 1 tick = 0.0001; 12, 14 and 15 are in defects.spec.ts. */
const defectSuite: Suite = {
  name: 'defects of nodejs-order-book 10.1.1',
  cases: [
    [
      'defect-01',
      'three tenths fill three parts of one tenth exactly',
      `s al sell 30 @100
       b1 bo buy 10 @100
       > trade s b1 10@100
       b2 bo buy 10 @100
       > trade s b2 10@100
       b3 bo buy 10 @100
       > trade s b3 10@100
       = asks -
       = bids -`,
    ],
    [
      'defect-02',
      'one tenth and two tenths leave no phantom volume',
      `s1 al sell 10 @100
       s2 al sell 20 @100
       b bo buy 30 @100
       > trade s1 b 10@100
       > trade s2 b 20@100
       = asks -
       = bids -`,
    ],
    [
      'defect-03',
      'ten sells of one tenth fill a FOK of one',
      `${Array.from({ length: 10 }, (_, i) => `s${i} al sell 10 @100`).join('\n')}
       b bo buy 100 @100 fok
       ${Array.from({ length: 10 }, (_, i) => `> trade s${i} b 10@100`).join('\n')}
       = asks -`,
    ],
    [
      'defect-04',
      'equal prices are one level',
      `s1 al sell 1 @3000
       s2 al sell 1 @3000
       = asks 2@3000
       b bo buy 2 @3000
       > trade s1 b 1@3000
       > trade s2 b 1@3000
       = asks -`,
    ],
    [
      'defect-05',
      'notional and quantity of a sweep are exact',
      `s1 al sell 300 @1000
       s2 al sell 300 @2000
       b bo buy 600 @2000
       > trade s1 b 300@1000
       > trade s2 b 300@2000
       = cash bo 999100000 reserved 0
       = cash al 1000900000 reserved 0`,
    ],
    [
      'defect-06',
      'fills before a self-trade stand, the rest is cancelled, both are events',
      `m1 bo sell 5 @100
       m2 al sell 5 @100
       t al buy 8 @100 newest
       > trade m1 t 5@100
       > prevent m2 t 3
       > cancel t 3 self_trade
       = asks 5@100
       = bids -`,
    ],
    [
      'defect-07',
      'cancelling both sides of a self-trade is recorded',
      `m al sell 5 @100
       t al buy 3 @100 both
       > prevent m t 3
       > cancel m 5 self_trade
       > cancel t 3 self_trade
       = asks -
       = bids -`,
    ],
    [
      'defect-08',
      'a FOK that would need own liquidity is killed and changes nothing',
      `m1 al sell 5 @100
       m2 bo sell 5 @101
       t al buy 10 @101 fok oldest
       > cancel t 10 fok_unfillable
       = asks 5@100 5@101
       = bids -`,
    ],
    [
      'defect-09',
      'a replaced order keeps its owner and its prevention mode',
      `m al sell 5 @101
       t al buy 5 @99 newest
       replace t 5 @101
       > replace t 5@101 moved
       > prevent m t 5
       > cancel t 5 self_trade
       = asks 5@101`,
    ],
    [
      'defect-10',
      'replacing a post-only order into a cross is refused and the order stays',
      `m al sell 5 @101
       t bo buy 5 @99 post
       replace t 5 @101
       > reject post_only_would_take
       = bids 5@99`,
    ],
    [
      'defect-11',
      'a smaller size keeps time priority',
      `a al buy 5 @100
       b bo buy 5 @100
       replace a 3 @100
       > replace a 3@100 kept
       = queue @100 a b`,
    ],
    [
      'defect-13',
      'a resting stop can be cancelled and its id is not reusable',
      `a al sell 5 stop 90
       = stops a
       cancel a
       > cancel a 5 requested
       = stops -
       a2=1 al sell 5 stop 90
       > reject duplicate_order_id`,
    ],
  ],
};

const bugClassSuite: Suite = {
  name: 'classes of bugs seen elsewhere',
  cases: [
    [
      'bug-01',
      'cancelling an order in the middle keeps its followers',
      `a al buy 1 @100
       b bo buy 2 @100
       c cy buy 3 @100
       cancel b
       > cancel b 2 requested
       = queue @100 a c
       t di sell 4 @100
       > trade a t 1@100
       > trade c t 3@100`,
    ],
    [
      'bug-02',
      'moving an order away leaves its siblings',
      `a al buy 1 @100
       b bo buy 2 @100
       c cy buy 3 @100
       replace b 2 @99
       > replace b 2@99 moved
       = queue @100 a c
       = queue @99 b`,
    ],
    [
      'bug-03',
      "a fill is at the maker's price, not at the taker's limit",
      `m al sell 5 @100
       t bo buy 5 @120
       > trade m t 5@100
       = last 100`,
    ],
    [
      'bug-04',
      'after a cancel the next level is the best',
      `a al sell 5 @100
       b al sell 5 @105
       cancel a
       > cancel a 5 requested
       = asks 5@105
       t bo buy 5 @105
       > trade b t 5@105`,
    ],
    [
      'bug-05',
      'the rest of an IOC never rests',
      `m al sell 5 @100
       t bo buy 8 @100 ioc
       > trade m t 5@100
       > cancel t 3 ioc_remainder
       = bids -`,
    ],
    [
      'bug-06',
      'a part-filled maker stays at the head',
      `a al sell 5 @100
       b bo sell 5 @100
       t1 cy buy 2 @100
       > trade a t1 2@100
       = queue @100 a b
       t2 cy buy 4 @100
       > trade a t2 3@100
       > trade b t2 1@100`,
    ],
    [
      'bug-07',
      'time priority holds for twenty orders at a price',
      `${Array.from({ length: 20 }, (_, i) => `m${i} al sell 1 @100`).join('\n')}
       t bo buy 20 @100
       ${Array.from({ length: 20 }, (_, i) => `> trade m${i} t 1@100`).join('\n')}`,
    ],
    [
      'bug-08',
      'a stop cascade runs to its fixpoint',
      `b1 al buy 1 @100
       b2 al buy 1 @95
       b3 al buy 1 @90
       b4 al buy 5 @85
       s1 bo sell 1 stop 100
       s2 bo sell 1 stop 95
       s3 bo sell 1 stop 90
       t cy sell 1 @100
       > trade b1 t 1@100
       > trigger s1
       > trade b2 s1 1@95
       > trigger s2
       > trade b3 s2 1@90
       > trigger s3
       > trade b4 s3 1@85
       = stops -`,
    ],
    [
      'bug-09',
      'the id of an ended order is not reusable',
      `a al buy 5 @100
       cancel a
       > cancel a 5 requested
       again=1 al buy 5 @100
       > reject duplicate_order_id`,
    ],
    [
      'bug-10',
      'FOK feasibility leaves own liquidity out and ends at it',
      `m1 bo sell 5 @100
       m2 al sell 5 @100
       m3 cy sell 5 @101
       t1 al buy 6 @101 fok newest
       > cancel t1 6 fok_unfillable
       t2 al buy 5 @101 fok newest
       > trade m1 t2 5@100
       = asks 5@100 5@101`,
    ],
    [
      'bug-11',
      'the rest of a market order does not rest at a sentinel price',
      `m al sell 5 @100
       t bo buy 8 market
       > trade m t 5@100
       > cancel t 3 no_liquidity
       = bids -
       = asks -`,
    ],
    [
      'bug-12',
      'a prevented taker does not rest what is left',
      `m al sell 5 @100
       t al buy 9 @100 newest
       > prevent m t 5
       > cancel t 9 self_trade
       = bids -
       = asks 5@100`,
    ],
  ],
};

export const defects: readonly Suite[] = [defectSuite, bugClassSuite];
