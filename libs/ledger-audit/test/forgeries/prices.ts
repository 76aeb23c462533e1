import { change } from '../tamper.js';
import { limit, order, scene, trade } from '../trading-scenes.js';
import { accepted, executed, type Forgeries } from './forgery.js';
import { traded, auction } from './scenes.js';

export const prices: Forgeries = {
  'a trade at another price than that of the resting order': {
    log: () => scene(limit(1, 'sell', 20, 20), limit(2, 'buy', 20, 30)),
    plant: (log) => change(log, executed, { priceTicks: 25, notional: 500 }),
    finding: ['S4', 'at 25 ticks, not within 20 of the resting order, 30 of the other'],
  },
  'a trade beyond the limit of the order that takes': {
    log: traded,
    plant: (log) => change(log, accepted, { priceTicks: 15 }, order(2)),
    finding: ['S4', 'at 20 ticks, not within 20 of the resting order, 15 of the other'],
  },
  'a trade at the price that an order had before it was replaced': {
    log: () =>
      scene(
        limit(1, 'sell', 20, 20),
        { kind: 'replace', account: 1, orderId: 1, quantity: 20, price: 25 },
        limit(2, 'buy', 20, 25),
      ),
    plant: (log) => change(log, executed, { priceTicks: 20, notional: 400 }),
    finding: ['S4', 'at 20 ticks, not within 25 of the resting order'],
  },
  'a trade of an auction at another price than that of the auction': {
    log: auction,
    plant: (log) => change(log, executed, { priceTicks: 25, notional: 250 }, trade(2)),
    finding: ['S4', 'at 25 ticks, the auction is at 20'],
  },
  'a trade of an auction beyond a limit': {
    log: auction,
    plant: (log) => change(log, accepted, { priceTicks: 15 }, order(3)),
    finding: ['S4', 'at 20 ticks, not within 20 of the resting order, 15 of the other'],
  },
  'a notional that is not price times quantity': {
    log: traded,
    plant: (log) => change(log, executed, { notional: 399 }),
    finding: ['S4', 'the notional is not price times quantity'],
  },
  'fees that give back more than they take': {
    log: traded,
    plant: (log) => change(log, executed, { buyerFee: 1, sellerFee: -2 }),
    finding: ['S4', 'gives back more in fees than it earns'],
  },
};
