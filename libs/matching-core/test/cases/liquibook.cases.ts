import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** Liquibook's unit tests; Depth and BBO tests are the `=` lines. */
export const liquibook: readonly Suite[] = [
  {
    name: 'Liquibook order book',
    cases: [
      ...bothSides(
        'ut_order_book TestBidsMultimapSortCorrect',
        'ut_order_book TestAsksMultimapSortCorrect',
        'the side is sorted best first',
        `a al buy 100 @52
        b al buy 200 @50
        c al buy 300 @51
        = bids 100@52 300@51 200@50`,
      ),
      ...bothSides(
        'ut_order_book TestAddCompleteBid',
        'ut_order_book TestAddCompleteAsk',
        'a complete fill empties its level',
        `m1 al sell 100 @152
        m0 al sell 100 @151
        b0 bo buy 100 @150
        t bo buy 100 @151
        > trade m0 t 100@151
        = asks 100@152
        = bids 100@150`,
      ),
      ...bothSides(
        'ut_order_book TestAddMultiMatchBid',
        'ut_order_book TestAddMultiMatchAsk',
        'several makers at a price fill in order',
        `m1 al sell 100 @152
        m0 al sell 300 @151
        m2 al sell 200 @151
        t bo buy 500 @151
        > trade m0 t 300@151
        > trade m2 t 200@151
        = asks 100@152
        = bids -`,
      ),
      ...bothSides(
        'ut_order_book TestAddPartialMatchBid',
        'ut_order_book TestAddPartialMatchAsk',
        'a part-filled taker rests',
        `m0 al sell 300 @153
        m1 al sell 100 @152
        m2 al sell 200 @151
        t bo buy 350 @151
        > trade m2 t 200@151
        = asks 100@152 300@153
        = bids 150@151`,
      ),
      ...bothSides(
        'ut_order_book TestAddMultiPartialMatchBid',
        'ut_order_book TestAddMultiPartialMatchAsk',
        'a taker fills several and rests',
        `m1 al sell 100 @152
        m2 al sell 200 @151
        m0 al sell 300 @151
        t bo buy 750 @151
        > trade m2 t 200@151
        > trade m0 t 300@151
        = bids 250@151
        = asks 100@152`,
      ),
      ...bothSides(
        'ut_order_book TestRepeatMatchBid',
        'ut_order_book TestRepeatMatchAsk',
        'a maker fills bit by bit',
        `m bo buy 900 @151
        t0 al sell 100 @151
        > trade m t0 100@151
        t1 al sell 300 @151
        > trade m t1 300@151
        t2 al sell 200 @151
        > trade m t2 200@151
        t3 al sell 400 @151
        > trade m t3 300@151
        = bids -
        = asks 100@151`,
      ),
      ...bothSides(
        'ut_order_book TestAddMarketOrderBid',
        'ut_order_book TestAddMarketOrderAsk',
        'a market order fills at the touch',
        `m1 al sell 100 @152
        m0 al sell 100 @151
        t bo buy 100 market
        > trade m0 t 100@151
        = asks 100@152`,
      ),
      ...bothSides(
        'ut_order_book TestAddMarketOrderBidMultipleMatch',
        'ut_order_book TestAddMarketOrderAskMultipleMatch',
        'a market order walks the book',
        `m1 al sell 300 @152
        m0 al sell 200 @151
        t bo buy 500 market
        > trade m0 t 200@151
        > trade m1 t 300@152
        = asks -`,
      ),
      ...bothSides(
        'ut_order_book TestCancelBid',
        'ut_order_book TestCancelAskAndMatch',
        'a cancelled order does not trade',
        `a bo buy 100 @150
        b bo buy 100 @149
        cancel a
        > cancel a 100 requested
        t al sell 100 @149
        > trade b t 100@149`,
      ),
      ...bothSides(
        'ut_order_book TestCancelBidFail',
        'ut_order_book TestCancelAskFail',
        'a filled order cannot be cancelled',
        `m bo buy 100 @150
        t al sell 100 @150
        > trade m t 100@150
        cancel m
        > reject too_late`,
      ),
      ...bothSides(
        'ut_order_book TestCancelBidRestore',
        'ut_order_book TestCancelAskRestore',
        'after a cancel the deeper levels stand as they were',
        `b0 bo buy 500 @150
        b1 bo buy 400 @149
        b2 bo buy 100 @148
        b3 bo buy 200 @148
        cancel b0
        > cancel b0 500 requested
        = bids 400@149 300@148`,
      ),
      ...bothSides(
        'ut_order_book TestFillCompleteBidRestoreDepth',
        'ut_order_book TestFillCompleteAskRestoreDepth',
        'after a fill the deeper levels stand as they were',
        `b0 bo buy 500 @150
        b1 bo buy 400 @149
        b2 bo buy 300 @148
        t al sell 500 @150
        > trade b0 t 500@150
        = bids 400@149 300@148`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceSizeIncrease',
        'ut_bbo_order_book TestBboReplaceSizeIncrease',
        'a larger size shows in the level',
        `b bo buy 100 @150
        replace b 125 @150
        > replace b 125@150 moved
        = bids 125@150`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceSizeDecrease',
        'ut_bbo_order_book TestBboReplaceSizeDecrease',
        'a smaller size shows in the level',
        `a bo buy 120 @149
        b bo buy 200 @150
        replace b 140 @150
        > replace b 140@150 kept
        = bids 140@150 120@149`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceSizeDecreaseCancel',
        'ut_bbo_order_book TestBboReplaceSizeDecreaseCancel',
        'a size down to what is filled ends the order',
        `b bo buy 400 @150
        t al sell 175 @150
        > trade b t 175@150
        replace b 175 @150
        > replace b 0@150 moved
        = order b gone
        = bids -`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceSizeDecreaseTooMuch',
        'ut_bbo_order_book TestBboReplaceSizeDecreaseTooMuch',
        'a size below what is filled ends the order too',
        `b bo buy 400 @150
        t al sell 200 @150
        > trade b t 200@150
        replace b 100 @150
        > replace b 0@150 moved
        = bids -`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceSizeIncreaseDecrease',
        'ut_bbo_order_book TestBboReplaceSizeIncreaseDecrease',
        'up and down again',
        `b bo buy 100 @150
        replace b 200 @150
        > replace b 200@150 moved
        replace b 50 @150
        > replace b 50@150 kept
        = bids 50@150`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceBidPriceChange',
        'ut_order_book TestReplaceAskPriceChange',
        'a new price is a new level',
        `a bo buy 120 @149
        b bo buy 200 @150
        replace b 200 @151
        > replace b 200@151 moved
        = bids 200@151 120@149`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceBidPriceChangeErase',
        'ut_order_book TestReplaceAskPriceChangeErase',
        'the last order of a level takes the level with it',
        `a bo buy 120 @149
        b bo buy 200 @150
        replace b 200 @149
        > replace b 200@149 moved
        = bids 320@149
        = queue @149 a b`,
      ),
      ...bothSides(
        'ut_order_book TestBidMultiLevelFillRestore',
        'ut_order_book TestAskMultiLevelFillRestore',
        'a sweep of several levels leaves the rest in order',
        `b0 bo buy 100 @150
        b1 bo buy 200 @149
        b2 bo buy 300 @148
        b3 bo buy 400 @147
        t al sell 700 @148
        > trade b0 t 100@150
        > trade b1 t 200@149
        > trade b2 t 300@148
        = bids 400@147
        = asks 100@148`,
      ),
      ...bothSides(
        'ut_order_book TestReplaceBidMatch',
        'ut_order_book TestReplaceAskMatch',
        'a replace may trade',
        `m al sell 100 @151
        b bo buy 300 @150
        replace b 300 @151
        > replace b 300@151 moved
        > trade m b 100@151
        = bids 200@151
        = asks -`,
      ),
    ],
  },
];
