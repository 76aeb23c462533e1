import { limit, phase, scene, type Placed } from '../trading-scenes.js';

export const resting = () => scene(limit(1, 'sell', 20, 20));
/** 20 lots at 20 ticks, from party 1 to party 2. */
export const traded = () => scene(limit(1, 'sell', 20, 20), limit(2, 'buy', 20, 20));
export const twoSellers = (second = 20) =>
  scene(limit(1, 'sell', 20, 20), limit(3, 'sell', 20, second), limit(2, 'buy', 20, 25));
export const iceberg = () =>
  scene(
    limit(1, 'sell', 40, 20, { displayQuantity: 10 }),
    limit(3, 'sell', 10, 20),
    limit(2, 'buy', 20, 20),
  );
export const auction = (...more: readonly Placed[]) =>
  scene(
    phase('opening_auction'),
    limit(1, 'sell', 20, 20),
    limit(3, 'sell', 20, 20),
    limit(2, 'buy', 30, 25),
    ...more,
    phase('continuous'),
  );
export const crossedCall = () =>
  scene(phase('pre_open'), limit(1, 'sell', 10, 20), limit(2, 'buy', 10, 20));
export const market = (
  account: number,
  quantity: number,
  others: Partial<Placed> = {},
): Placed => ({
  ...limit(account, 'buy', quantity, 0, { type: 'market', timeInForce: 'ioc' }),
  ...others,
});
export const stopped = (others: Partial<Placed> = {}) =>
  scene(
    { ...limit(3, 'buy', 10, 30, { type: 'stop_limit', stopPrice: 20 }), ...others },
    limit(1, 'sell', 10, 20),
    limit(2, 'buy', 10, 20),
  );
export const pair = () =>
  scene(
    limit(1, 'sell', 20, 20),
    limit(1, 'sell', 20, 0, { type: 'stop', stopPrice: 10, ocoPartner: 1 }),
    limit(2, 'buy', 10, 20),
  );
export const killed = () =>
  scene(limit(1, 'sell', 20, 20), { kind: 'kill_switch', account: 1, engaged: true });
export const massCancelled = () =>
  scene(limit(1, 'sell', 20, 20), limit(1, 'sell', 20, 25), {
    ...{ kind: 'mass_cancel', account: 1, book: 0 },
  });
export const banded = (dynamicPpm = 0) =>
  scene(
    {
      ...{ kind: 'set_bands', book: 1, dynamicPpm, referencePrice: 100 },
      ...(dynamicPpm > 0 ? { staticLow: 0, staticHigh: 0 } : { staticLow: 80, staticHigh: 120 }),
    },
    limit(1, 'buy', 20, 100),
  );
export const prevented = () =>
  scene(
    limit(1, 'sell', 30, 20, { stp: 'decrement_and_cancel' }),
    limit(1, 'buy', 20, 20, { stp: 'decrement_and_cancel' }),
  );
export const replaced = (quantity: number, price: number) =>
  scene(limit(1, 'sell', 20, 20), {
    ...{ kind: 'replace', account: 1, orderId: 1, quantity, price },
  });
