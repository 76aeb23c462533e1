import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** order-matcher's grid: icebergs, and self-matches, whose action belongs to the incoming order, as ours. */
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

export const orderMatcherIcebergs: readonly Suite[] = [icebergs, selfMatch];
