import { findShortfall } from '@specie/ledger-audit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Capacity, Obligation } from '../src/coverage/coverage-model.js';
import { coverageOf, mintableOf, mintables } from '../src/coverage/coverage.js';
import { coverageByCells } from './coverage-by-cells.js';

const pools = ['A100', 'H100-PCIE', 'H100-SXM', 'H200', 'B200'] as const;
const range = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 12 }))
  .map(([fromDay, days]) => ({ fromDay, toDay: fromDay + days }));
const capacity = fc
  .tuple(fc.constantFrom(...pools), range, fc.bigInt({ min: 0n, max: 9n }))
  .map(([pool, days, tokensPerDay]): Capacity => ({ pool, ...days, tokensPerDay }));
const obligation = fc
  .tuple(fc.subarray([...pools], { minLength: 1 }), range, fc.bigInt({ min: 0n, max: 30n }))
  .map(([own, days, outstanding]) => ({ pools: own, ...days, outstanding }));
const problem = fc.record({
  today: fc.integer({ min: 0, max: 15 }),
  capacities: fc.array(capacity, { maxLength: 16 }),
  obligations: fc
    .array(obligation, { maxLength: 12 })
    .map((all) => all.map((each, index): Obligation => ({ ...each, seriesId: `series ${index}` }))),
});

/** Dinic's maximum flow there, push-relabel here; neither lib knows the other's code. */
it('refuses what the audit would call uncovered, and nothing else (S2)', () => {
  let [covered, short] = [0, 0];
  fc.assert(
    fc.property(problem, (each) => {
      const second = findShortfall(
        each.today,
        each.capacities.map(({ pool: sku, ...rest }) => ({ ...rest, sku })),
        each.obligations.map(({ pools: skus, ...rest }) => ({ ...rest, skus })),
      );
      expect(second === null).toBe(coverageOf(each).covered);
      covered += second === null ? 1 : 0;
      short += second === null ? 0 : 1;
    }),
    { seed: 11, numRuns: 3_000 },
  );
  expect(Math.min(covered, short)).toBeGreaterThan(300);
});

it('gives every series the largest mint that a flow over single days and pools gives', () => {
  let mints = 0;
  fc.assert(
    fc.property(problem, (each) => {
      const plain = coverageByCells(each);
      expect(coverageOf(each).covered).toBe(plain.excess === 0n);
      const found = new Map([...mintables(each)].map((one) => [one.seriesId, one.quantity]));
      expect(found).toEqual(plain.mintable);
      for (const [seriesId, quantity] of plain.mintable) {
        expect(mintableOf(each, seriesId)).toBe(quantity);
        mints += quantity > 0n ? 1 : 0;
      }
    }),
    { seed: 12, numRuns: 2_000 },
  );
  expect(mints).toBeGreaterThan(300);
});
