import { partyOf } from '../matching-log.js';
import { add, append, change, drop } from '../tamper.js';
import { inSeconds, later, limit, order, phase, scene, series, told } from '../trading-scenes.js';
import { accepted, cancelled, executed, type Forgeries } from './forgery.js';
import {
  resting,
  traded,
  market,
  stopped,
  pair,
  killed,
  massCancelled,
  prevented,
  replaced,
} from './scenes.js';

/** What must follow from an event in its own command, and does not. */
export const consequences: Forgeries = {
  'an order that expired and stays open': {
    log: () =>
      scene(limit(1, 'sell', 20, 20, { timeInForce: 'gtd', expiresAt: inSeconds(5) }), later(5)),
    plant: (log) => drop(log, cancelled),
    finding: ['S7', `order ${order(1).orderId} stays open after it expired`],
  },
  'an order for the day in a closed book': {
    log: () => scene(limit(1, 'sell', 20, 20, { timeInForce: 'day' }), phase('closed')),
    plant: (log) => drop(log, cancelled),
    finding: ['S7', `order ${order(1).orderId} stays open after the book closed`],
  },
  'a market order that an auction leaves': {
    log: () => scene(phase('opening_auction'), market(1, 20), phase('continuous')),
    plant: (log) => drop(log, cancelled),
    finding: ['S7', `order ${order(1).orderId} stays open after the auction`],
  },
  'an immediate order that rests': {
    log: () => scene(limit(1, 'buy', 20, 20, { timeInForce: 'ioc' })),
    plant: (log) => drop(log, cancelled),
    finding: ['S7', `order ${order(1).orderId} stays open and may not rest`],
  },
  'an order by amount that rests': {
    log: () => scene(market(1, 0, { quoteAmount: 500 })),
    plant: (log) => drop(log, cancelled),
    finding: ['S7', `order ${order(1).orderId} stays open and may not rest`],
  },
  'an order that outlives the kill switch': {
    log: killed,
    plant: (log) => drop(log, cancelled),
    finding: ['S7', `order ${order(1).orderId} stays open after the kill switch`],
  },
  'an order that outlives the cancel of all': {
    log: massCancelled,
    plant: (log) => {
      drop(log, cancelled, order(1));
      change(log, 'market.orders-mass-cancelled', { orderCount: 1 });
    },
    finding: ['S7', `order ${order(1).orderId} stays open after all orders of its party`],
  },
  'another number of cancelled orders than is said': {
    log: massCancelled,
    plant: (log) => change(log, 'market.orders-mass-cancelled', { orderCount: 3 }),
    finding: ['S9', '3 orders are said to be cancelled, 2 are'],
  },
  'an order of a pair that stays when the other goes': {
    log: pair,
    plant: (log) => drop(log, cancelled),
    finding: ['S7', `order ${order(2).orderId} stays open though order ${order(1).orderId}`],
  },
  'a stop order that no trade reached': {
    log: stopped,
    plant: (log) => change(log, 'market.order-triggered', { lastPriceTicks: 25 }),
    finding: ['S7', `order ${order(1).orderId} is triggered at 20, and no trade reached it`],
  },
  'an auction that ends and does not uncross': {
    log: () => scene(phase('opening_auction'), phase('continuous')),
    plant: (log) => drop(log, 'market.auction-uncrossed'),
    finding: ['S7', 'an auction ends and does not uncross'],
  },
  'an auction that uncrosses and does not end': {
    log: resting,
    plant: (log) => {
      const lots = { volumeLots: 0, imbalanceLots: 0 };
      append(log, told('market.auction-uncrossed', { priceTicks: 0, ...lots }));
    },
    finding: ['S7', 'uncrosses and no auction ends'],
  },
  'an order that keeps its priority and asks for more': {
    log: () => replaced(30, 20),
    plant: (log) => change(log, 'market.order-replaced', { keptPriority: true }),
    finding: ['S7', `order ${order(1).orderId} keeps its priority and asks for more`],
  },
  'a balance below nothing': {
    log: resting,
    plant: (log) => drop(log, 'market.tokens-deposited', { partyId: partyOf(1) }),
    finding: ['S7', `the trading balance ${series}/${partyOf(1)} is negative`],
  },
};

/** Numbers and events that do not follow from those before them. */
export const sequences: Forgeries = {
  'an order that is missing': {
    log: () => scene(limit(1, 'sell', 20, 20), limit(1, 'sell', 20, 25)),
    plant: (log) => drop(log, accepted, order(1)),
    finding: ['S9', 'order 2 follows order 0'],
  },
  'a trade that is missing': {
    log: traded,
    plant: (log) => change(log, executed, { tradeNumber: 2 }),
    finding: ['S9', 'trade 2 follows trade 0'],
  },
  'a cancel of more than is left': {
    log: killed,
    plant: (log) => change(log, cancelled, { leavesLots: 30 }),
    finding: ['S9', `30 lots of order ${order(1).orderId} are cancelled, 20 are left`],
  },
  'a cancel of an order that is not open': {
    log: killed,
    plant: (log) => add(log, cancelled, {}, {}),
    finding: ['S9', `the cancelled order ${order(1).orderId} is not open`],
  },
  'a replaced order with another number of lots filled': {
    log: () => replaced(30, 20),
    plant: (log) => change(log, 'market.order-replaced', { filledLots: 10, leavesLots: 20 }),
    finding: ['S9', `order ${order(1).orderId} has 20 of 30 lots left with 0 filled`],
  },
  'an order that loses lots without self-trade prevention': {
    log: prevented,
    plant: (log) => drop(log, 'market.self-trade-prevented'),
    finding: ['S9', `20 lots are taken from order ${order(1).orderId}`],
  },
  'a stop order that is triggered with more than is left': {
    log: stopped,
    plant: (log) => change(log, 'market.order-triggered', { leavesLots: 20 }),
    finding: ['S9', `order ${order(1).orderId} is triggered with 20 lots of 10`],
  },
  'a phase that the book was not in': {
    log: resting,
    plant: (log) => change(log, 'market.phase-changed', { from: 'halt' }),
    finding: ['S9', `the book ${series} goes from halt to continuous and was in closed`],
  },
  'a clock that goes back': {
    log: () => scene(later(5), later(6)),
    plant: (log) =>
      change(
        log,
        'market.time-advanced',
        { at: '2026-03-02T10:00:09.000Z' },
        { at: '2026-03-02T10:00:05.000Z' },
      ),
    finding: ['S9', 'the clock goes back to 2026-03-02T10:00:06.000Z'],
  },
  'a book that is opened twice': {
    log: resting,
    plant: (log) => {
      drop(log, accepted);
      add(log, 'market.book-opened', {}, {});
    },
    finding: ['S9', `the book ${series} is opened twice`],
  },
};
