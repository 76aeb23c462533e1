import { describe, expect, it } from 'vitest';
import { MatchingCore } from '../src/index.js';
import type { Command, NewOrder } from '../src/types.js';
import { CASE_CONFIG, CASE_LIMITS } from './cases/play.js';
import { implementations } from './engines.js';
import { CommandGenerator } from './simulation/generator.js';

/** Defects of nodejs-order-book 10.1.1 that a case script cannot show; the others are in cases/defects.cases.ts. */
const order: NewOrder = {
  kind: 'new_order',
  book: 1,
  account: 1,
  orderId: 1,
  side: 'buy',
  type: 'limit',
  timeInForce: 'gtc',
  price: 100,
  quantity: 5,
  stp: 'cancel_newest',
};
const opening: readonly Command[] = [
  { kind: 'configure_book', book: 1, config: CASE_CONFIG },
  { kind: 'configure_account', account: 1, ownerGroup: 1, openOrdersMax: 0 },
  { kind: 'deposit', account: 1, asset: 0, amount: 10 ** 9 },
  { kind: 'set_phase', book: 1, phase: 'continuous' },
];

describe.each(implementations)('the $name', ({ create }) => {
  const opened = () => {
    const engine = create(CASE_LIMITS);
    for (const command of opening) engine.apply(command);
    return engine;
  };

  it.each([NaN, Infinity, -Infinity, 0.1, -1, 2 ** 53])(
    'defect-12 refuses %d as price and as quantity with malformed_command',
    (value) => {
      for (const field of ['price', 'quantity'] as const) {
        const [event] = opened().apply({ ...order, [field]: value });
        expect(event).toEqual({
          type: 'rejected',
          command: 'new_order',
          reason: 'malformed_command',
          account: 1,
          orderId: 1,
        });
      }
    },
  );

  it('defect-14 takes every integer as an id, and no inherited name as a kind', () => {
    const engine = opened();
    for (const orderId of [1, 2 ** 31, 2 ** 32, 2 ** 52, Number.MAX_SAFE_INTEGER])
      expect(engine.apply({ ...order, orderId })[0]?.type).toBe('accepted');
    for (const kind of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(engine.apply({ ...order, kind } as unknown as Command)[0]).toMatchObject({
        type: 'rejected',
        reason: 'malformed_command',
      });
  });
});

describe('MatchingCore', () => {
  it('defect-15 gives equal snapshots for equal inputs', () => {
    const run = () => {
      const generator = new CommandGenerator(7);
      const engine = new MatchingCore(generator.limits);
      for (const command of generator.opening()) engine.apply(command);
      for (let i = 0; i < 2_000; i += 1) engine.apply(generator.next(engine.stateView()));
      return engine.snapshot();
    };
    expect(Buffer.compare(run(), run())).toBe(0);
  });
});
