import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ShownLevel } from '../shard/book-update.js';
import { DepthSide } from './depth-side.js';

const level = fc.record({
  priceTicks: fc.integer({ min: 0, max: 40 }),
  lots: fc.integer({ min: 0, max: 3 }),
  orders: fc.integer({ min: 0, max: 3 }),
});

it.each(['buy', 'sell'] as const)(
  'a %s side is the last state of each price, best first',
  (side) => {
    fc.assert(
      fc.property(fc.array(level, { maxLength: 200 }), (changes) => {
        const depth = new DepthSide(side);
        const naive = new Map<number, ShownLevel>();
        for (const change of changes) {
          depth.set(change);
          naive.delete(change.priceTicks);
          if (change.lots > 0) {
            naive.set(change.priceTicks, change);
          }
        }
        const sign = side === 'buy' ? -1 : 1;
        const sorted = [...naive.values()].sort((a, b) => sign * (a.priceTicks - b.priceTicks));
        expect(depth.all()).toEqual(sorted);
        expect(depth.best()).toEqual(sorted[0] ?? null);
        expect(new DepthSide(side, sorted).all()).toEqual(sorted);
      }),
    );
  },
);
