import { partyOf } from '../matching-log.js';
import { change, drop, prepend } from '../tamper.js';
import { inSeconds, limit, order, phase, scene, series, told } from '../trading-scenes.js';
import { accepted, cancelled, type Forgeries } from './forgery.js';
import { resting, crossedCall, stopped, pair, massCancelled, banded, replaced } from './scenes.js';

export const terms: Forgeries = {
  'a price that is not on the step': {
    log: resting,
    plant: (log) => change(log, accepted, { priceTicks: 22 }),
    finding: ['S7', 'the price 22 is not on the step of 5'],
  },
  'a price beyond the limits of the book': {
    log: resting,
    plant: (log) => change(log, accepted, { priceTicks: 1_005 }),
    finding: ['S7', 'the price 1005 is not within 10 to 1000'],
  },
  'a replaced order at a price beyond the limits of the book': {
    log: () => replaced(20, 25),
    plant: (log) => change(log, 'market.order-replaced', { priceTicks: 5 }),
    finding: ['S7', 'the price 5 is not within 10 to 1000'],
  },
  'a stop price that is not on the step': {
    log: stopped,
    plant: (log) => change(log, accepted, { stopPriceTicks: 19 }, order(1)),
    finding: ['S7', 'the stop price 19 is not on the step of 5'],
  },
  'a quantity that is not on the step': {
    log: resting,
    plant: (log) => change(log, accepted, { quantityLots: 25 }),
    finding: ['S7', 'the quantity 25, 0 displayed, is not on the step of 10'],
  },
  'a quantity beyond the limits of the book': {
    log: resting,
    plant: (log) => change(log, accepted, { quantityLots: 1_010 }),
    finding: ['S7', 'the quantity 1010 is not within 10 to 1000'],
  },
  'a notional beyond the limits of the book': {
    log: resting,
    plant: (log) => change(log, accepted, { quantityLots: 1_000, priceTicks: 505 }),
    finding: ['S7', 'a notional of 505000 is not within 100 to 500000'],
  },
  'a limit order outside the static bands': {
    log: banded,
    plant: (log) => change(log, accepted, { priceTicks: 125 }),
    finding: ['S7', 'the price 125 of a limit order to buy is outside the bands'],
  },
  'a limit order outside the dynamic bands': {
    log: () => banded(100_000),
    plant: (log) => change(log, accepted, { priceTicks: 115 }),
    finding: ['S7', 'the price 115 of a limit order to buy is outside the bands'],
  },
  'a triggered order that goes on outside the bands': {
    log: () =>
      scene(
        limit(3, 'buy', 10, 30, { type: 'stop_limit', stopPrice: 20 }),
        {
          ...{ kind: 'set_bands', book: 1, staticLow: 0 },
          staticHigh: 25,
          dynamicPpm: 0,
          referencePrice: 0,
        },
        limit(1, 'sell', 10, 20),
        limit(2, 'buy', 10, 20),
      ),
    plant: (log) => drop(log, cancelled),
    finding: ['S7', 'stays open outside the bands'],
  },
  'an order in a book that is halted': {
    log: () => scene(phase('halt'), phase('continuous'), limit(1, 'sell', 20, 20)),
    plant: (log) => drop(log, 'market.phase-changed', { from: 'halt' }),
    finding: ['S7', 'an order enters the book, whose phase is halt'],
  },
  'an order that cannot wait for the auction': {
    log: crossedCall,
    plant: (log) => change(log, accepted, { timeInForce: 'FOK' }, order(2)),
    finding: ['S7', 'an order that cannot wait enters the book, whose phase is pre_open'],
  },
  'an order that would trade with its own party': {
    log: resting,
    plant: (log) => change(log, accepted, { selfTradePrevention: 'none' }),
    finding: ['S7', 'enters a book without such trades'],
  },
  'an order of a book that is not there': {
    log: resting,
    plant: (log) => {
      drop(log, 'market.phase-changed');
      drop(log, 'market.book-opened');
    },
    finding: ['S7', `the book ${series} is not open`],
  },
  'an order that expired before it came': {
    log: () => scene(limit(1, 'sell', 20, 20, { timeInForce: 'gtd', expiresAt: inSeconds(5) })),
    plant: (log) => change(log, accepted, { expiresAt: '2026-03-02T09:00:00.000Z' }),
    finding: ['S7', 'enters after it expired'],
  },
  'an order with an expiry that is open until it is cancelled': {
    log: () => scene(limit(1, 'sell', 20, 20, { timeInForce: 'gtd', expiresAt: inSeconds(5) })),
    plant: (log) => change(log, accepted, { timeInForce: 'GTC' }),
    finding: ['S7', 'is not GTD'],
  },
  'more open orders than a party may have': {
    log: massCancelled,
    plant: (log) => change(log, 'market.account-limit-set', { openOrdersMax: 1 }),
    finding: ['S7', `party ${partyOf(1)} has more than 1 open orders`],
  },
  'an order of a party whose kill switch is engaged': {
    log: () =>
      scene(
        { kind: 'kill_switch', account: 1, engaged: true, by: 'operator' },
        { kind: 'kill_switch', account: 1, engaged: false, by: 'operator' },
        limit(1, 'sell', 20, 20),
      ),
    plant: (log) => change(log, 'market.kill-switch-set', { by: 'party' }, { engaged: false }),
    finding: ['S7', 'places an order while its kill switch is engaged'],
  },
  'an order that is replaced while the kill switch is engaged': {
    log: () => replaced(20, 25),
    plant: (log) =>
      prepend(
        log,
        told('market.kill-switch-set', { partyId: partyOf(1), engaged: true, by: 'party' }),
      ),
    finding: ['S7', 'replaces an order while its kill switch is engaged'],
  },
  'an order that is to cancel one that is not there': {
    log: pair,
    plant: (log) => change(log, accepted, { ocoOrderId: order(7).orderId }, order(2)),
    finding: ['S7', 'which is no order like it'],
  },
};
