import { partyOf } from '../matching-log.js';
import { append, change, drop, prepend } from '../tamper.js';
import {
  forgedTrade,
  inSeconds,
  limit,
  order,
  phase,
  scene,
  told,
  trade,
} from '../trading-scenes.js';
import { accepted, executed, type Forgeries } from './forgery.js';
import { traded, twoSellers, iceberg, auction, crossedCall, market } from './scenes.js';

/** Trades that could not have been. */
export const trades: Forgeries = {
  'a trade of more than the orders are for': {
    log: traded,
    plant: (log) => change(log, executed, { quantityLots: 30, notional: 600 }),
    finding: ['S7', 'fills beyond its quantity'],
  },
  'a trade for more than the amount of an order': {
    log: () => scene(limit(1, 'sell', 20, 20), market(2, 0, { quoteAmount: 500 })),
    plant: (log) => change(log, accepted, { quoteAmount: 300 }, order(2)),
    finding: ['S7', 'trades for more than its amount'],
  },
  'a trade of a quantity that is not on the step': {
    log: traded,
    plant: (log) => change(log, executed, { quantityLots: 15, notional: 300 }),
    finding: ['S7', '15 lots trade in steps of 10'],
  },
  'a trade whose parties are on the wrong sides': {
    log: traded,
    plant: (log) => change(log, accepted, { side: 'sell' }, order(2)),
    finding: ['S7', 'not on the sides of their orders'],
  },
  'a trade with an order of somebody else': {
    log: traded,
    plant: (log) => change(log, executed, { sellerPartyId: partyOf(3) }),
    finding: ['S7', 'names an order that its party does not have in the book'],
  },
  'a trade of a party with itself': {
    log: traded,
    plant: (log) => {
      change(log, accepted, { partyId: partyOf(2) }, order(1));
      change(log, executed, { sellerPartyId: partyOf(2) });
    },
    finding: ['S7', `party ${partyOf(2)} trades with itself`],
  },
  'a trade in a phase that does not match': {
    log: crossedCall,
    plant: (log) => append(log, forgedTrade({ maker: [1, 1], taker: [2, 2] })),
    finding: ['S7', 'a trade in the phase pre_open'],
  },
  'a trade of an auction that nobody held': {
    log: traded,
    plant: (log) => change(log, executed, { execution: 'auction' }),
    finding: ['S7', 'a trade in the phase continuous and in no auction'],
  },
  'more trades than the volume of the auction': {
    log: auction,
    plant: (log) => change(log, 'market.auction-uncrossed', { volumeLots: 20 }),
    finding: ['S7', 'the auction trades more than its volume'],
  },
  'less trades than the volume of the auction': {
    log: auction,
    plant: (log) => change(log, 'market.auction-uncrossed', { volumeLots: 40 }),
    finding: ['S7', '10 lots of the volume of the auction do not trade'],
  },
  'a trade with a worse price than the best': {
    log: () => twoSellers(25),
    plant: (log) =>
      change(log, executed, {
        ...{ makerOrderId: order(2).orderId, sellerPartyId: partyOf(3) },
        ...{ priceTicks: 25, notional: 500 },
      }),
    finding: ['S7', `order ${order(2).orderId} goes ahead of order ${order(1).orderId}`],
  },
  'a trade with a later order of the same price': {
    log: twoSellers,
    plant: (log) =>
      change(log, executed, { makerOrderId: order(2).orderId, sellerPartyId: partyOf(3) }),
    finding: ['S7', `order ${order(2).orderId} goes ahead of order ${order(1).orderId}`],
  },
  'a trade with an order that lost its priority when it was replaced': {
    log: () =>
      scene(
        limit(1, 'sell', 20, 20),
        limit(3, 'sell', 20, 20),
        { kind: 'replace', account: 1, orderId: 1, quantity: 30, price: 20 },
        limit(2, 'buy', 20, 20),
      ),
    plant: (log) =>
      change(log, executed, { makerOrderId: order(1).orderId, sellerPartyId: partyOf(1) }),
    finding: ['S7', `order ${order(1).orderId} goes ahead of order ${order(2).orderId}`],
  },
  'a trade with an iceberg that shows its next part behind others': {
    log: iceberg,
    plant: (log) =>
      change(
        log,
        executed,
        { makerOrderId: order(1).orderId, sellerPartyId: partyOf(1) },
        trade(2),
      ),
    finding: ['S7', `order ${order(1).orderId} goes ahead of order ${order(2).orderId}`],
  },
  'a trade of more than an iceberg shows': {
    log: iceberg,
    plant: (log) => {
      change(log, executed, { quantityLots: 20, notional: 400 }, trade(1));
      drop(log, executed, trade(2));
    },
    finding: ['S7', 'trades 20 lots and shows 10'],
  },
  'a trade of an auction with a later order': {
    log: auction,
    plant: (log) => {
      change(
        log,
        executed,
        { makerOrderId: order(2).orderId, sellerPartyId: partyOf(3) },
        trade(1),
      );
    },
    finding: ['S7', `order ${order(2).orderId} goes ahead of order ${order(1).orderId}`],
  },
  'a trade of an auction with a later order to buy': {
    log: () =>
      scene(
        phase('opening_auction'),
        limit(1, 'sell', 20, 20),
        limit(2, 'buy', 20, 20),
        limit(3, 'buy', 20, 20),
        phase('continuous'),
      ),
    plant: (log) =>
      change(log, executed, { takerOrderId: order(3).orderId, buyerPartyId: partyOf(3) }),
    finding: ['S7', `order ${order(3).orderId} goes ahead of order ${order(2).orderId}`],
  },
  'a trade in which a resting order takes': {
    log: crossedCall,
    plant: (log) => {
      const opens = { from: 'pre_open', to: 'continuous', cause: 'operator' };
      const opened = told('market.phase-changed', opens);
      append(log, opened, forgedTrade({ maker: [1, 1], taker: [2, 2] }));
    },
    finding: ['S7', 'takes while it rests'],
  },
  'a trade in which a post-only order takes': {
    log: traded,
    plant: (log) => change(log, accepted, { postOnly: 'reject' }, order(2)),
    finding: ['S7', 'is post-only and takes'],
  },
  'a trade of an order that expired': {
    log: () =>
      scene(
        limit(1, 'sell', 20, 20, { timeInForce: 'gtd', expiresAt: inSeconds(5) }),
        limit(2, 'buy', 20, 20),
      ),
    plant: (log) => prepend(log, told('market.time-advanced', { at: '2026-03-02T11:00:00.000Z' })),
    finding: ['S7', `order ${order(1).orderId} trades after it expired`],
  },
  'a trade of a stop order that waits': {
    log: traded,
    plant: (log) => change(log, accepted, { kind: 'stop_limit', stopPriceTicks: 25 }, order(2)),
    finding: ['S7', `order ${order(2).orderId} trades before it is triggered`],
  },
  'an order that rests though it could trade': {
    log: traded,
    plant: (log) => drop(log, executed),
    finding: [
      'S7',
      `order ${order(2).orderId} rests and does not trade with order ${order(1).orderId}`,
    ],
  },
  'a self-trade prevented ahead of a better order': {
    log: () => scene(limit(1, 'sell', 20, 20), limit(3, 'sell', 20, 25), limit(1, 'buy', 20, 20)),
    plant: (log) => change(log, accepted, { priceTicks: 15 }, order(2)),
    finding: ['S7', `order ${order(1).orderId} goes ahead of order ${order(2).orderId}`],
  },
  'a self-trade prevented of orders of two parties': {
    log: () => scene(limit(1, 'sell', 20, 20), limit(1, 'buy', 20, 20)),
    plant: (log) => change(log, 'market.self-trade-prevented', { makerOrderId: order(7).orderId }),
    finding: ['S7', `is not open of party ${partyOf(1)}`],
  },
};
