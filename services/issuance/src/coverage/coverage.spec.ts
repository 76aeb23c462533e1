import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capacity, CoverageProblem, Obligation } from './coverage-model.js';
import { coverageOf, maturityLadder, mintableOf } from './coverage.js';
import { dayNumber, dayText } from './days.js';

const h100: Capacity = { pool: 'H100-SXM', fromDay: 0, toDay: 9, tokensPerDay: 100n };
const h200: Capacity = { ...h100, pool: 'H200' };
const problem = (
  obligations: readonly Obligation[],
  capacities: readonly Capacity[] = [h100],
): CoverageProblem => ({
  today: 0,
  capacities,
  obligations,
});
const obligation = (seriesId: string, change: Partial<Obligation> = {}): Obligation => ({
  seriesId,
  pools: ['H100-SXM'],
  fromDay: 0,
  toDay: 9,
  outstanding: 0n,
  ...change,
});

describe('Coverage', () => {
  it('counts days in UTC', () => {
    expect(dayNumber('1970-01-02')).toBe(1);
    expect(dayText(dayNumber('2028-02-29'))).toBe('2028-02-29');
  });

  it('is given while obligations fit exactly', () => {
    expect(coverageOf(problem([obligation('a', { outstanding: 1_000n })]))).toEqual({
      covered: true,
    });
  });

  it('names the interval in which a total that would fit does not fit', () => {
    // 1,000 tokens of capacity and 950 of obligations, but 301 of them fall due in three days.
    const early = obligation('early', { fromDay: 2, toDay: 4, outstanding: 301n });
    const late = obligation('late', { outstanding: 649n });
    expect(coverageOf(problem([early, late]))).toEqual({
      covered: false,
      shortfall: {
        fromDay: 2,
        toDay: 4,
        pools: ['H100-SXM'],
        seriesIds: ['early'],
        obligations: 301n,
        capacity: 300n,
      },
    });
  });

  it('gives no credit for days that are over', () => {
    const today = { ...problem([obligation('a', { outstanding: 500n })]), today: 5 };
    expect(coverageOf(today)).toEqual({ covered: true });
    expect(coverageOf({ ...today, today: 6 })).toMatchObject({
      covered: false,
      shortfall: { fromDay: 6, capacity: 400n },
    });
  });

  it('asks nothing for a series whose window is over', () => {
    expect(
      coverageOf({ ...problem([obligation('a', { toDay: 3, outstanding: 500n })]), today: 4 }),
    ).toEqual({ covered: true });
  });

  it('is missing without any capacity', () => {
    const bare = problem([obligation('a', { outstanding: 1n })], []);
    expect(coverageOf(bare)).toMatchObject({
      covered: false,
      shortfall: { seriesIds: ['a'], capacity: 0n },
    });
    expect(mintableOf(bare, 'a')).toBe(0n);
  });

  it('lets a series draw on its own SKUs only, and names the pools that are short', () => {
    const onH100 = obligation('on-h100', { outstanding: 1_001n });
    const both = obligation('both', { pools: ['H100-SXM', 'H200'], outstanding: 500n });
    expect(coverageOf(problem([onH100, both], [h100, h200]))).toEqual({
      covered: false,
      shortfall: {
        fromDay: 0,
        toDay: 9,
        pools: ['H100-SXM'],
        seriesIds: ['on-h100'],
        obligations: 1_001n,
        capacity: 1_000n,
      },
    });
  });

  it('moves a series with a choice out of the way of one without', () => {
    const onH100 = obligation('on-h100', { outstanding: 1_000n });
    const both = obligation('both', { pools: ['H100-SXM', 'H200'], outstanding: 1_000n });
    const full = problem([onH100, both], [h100, h200]);
    expect(coverageOf(full)).toEqual({ covered: true });
    expect(mintableOf(full, 'both')).toBe(0n);
    const half = problem([{ ...onH100, outstanding: 400n }, both], [h100, h200]);
    expect(mintableOf(half, 'on-h100')).toBe(600n);
    expect(mintableOf(half, 'both')).toBe(600n);
  });

  it('names the shortest of unrelated groups', () => {
    const slightly = obligation('slightly', { fromDay: 0, toDay: 0, outstanding: 101n });
    const badly = obligation('badly', { pools: ['H200'], fromDay: 5, toDay: 6, outstanding: 300n });
    expect(coverageOf(problem([slightly, badly], [h100, h200]))).toMatchObject({
      covered: false,
      shortfall: {
        seriesIds: ['badly'],
        fromDay: 5,
        toDay: 6,
        pools: ['H200'],
        obligations: 300n,
        capacity: 200n,
      },
    });
  });

  it('publishes what is there and what falls due, segment by segment', () => {
    const early = obligation('early', { fromDay: 2, toDay: 4, outstanding: 250n });
    const late = obligation('late', { outstanding: 600n });
    expect(maturityLadder(problem([early, late]))).toEqual([
      { fromDay: 0, toDay: 1, capacity: 200n, due: 0n, cumulativeSlack: 200n },
      { fromDay: 2, toDay: 4, capacity: 300n, due: 250n, cumulativeSlack: 250n },
      { fromDay: 5, toDay: 9, capacity: 500n, due: 600n, cumulativeSlack: 150n },
    ]);
  });
});

const dayCountMax = 8;
const range = fc
  .tuple(fc.integer({ min: -2, max: dayCountMax - 1 }), fc.integer({ min: 0, max: 5 }))
  .map(([fromDay, length]) => ({ fromDay, toDay: Math.min(fromDay + length, dayCountMax - 1) }));
const quantity = fc.bigInt({ min: 0n, max: 30n });
const pools = ['A', 'B', 'C'];

function problems(scopes: fc.Arbitrary<readonly string[]>): fc.Arbitrary<CoverageProblem> {
  const capacity = fc
    .tuple(range, fc.constantFrom(...pools), fc.bigInt({ min: 0n, max: 12n }))
    .map(([days, pool, tokensPerDay]) => ({ ...days, pool, tokensPerDay }));
  const obligations = fc
    .array(fc.tuple(range, scopes, quantity), { minLength: 1, maxLength: 5 })
    .map((list) =>
      list.map(([days, scope, outstanding], index) => ({
        ...days,
        pools: scope,
        outstanding,
        seriesId: `s${index}`,
      })),
    );
  return fc
    .tuple(fc.array(capacity, { maxLength: 5 }), obligations)
    .map(([capacities, obligationList]) => ({ today: 0, capacities, obligations: obligationList }));
}

const singlePool = problems(fc.constant(pools));
const scoped = problems(fc.subarray(pools, { minLength: 1 }));

/** Hall's condition over every set of series, day by day: an oracle that shares no code with the module. */
function fitsEverySubset({ capacities, obligations }: CoverageProblem): boolean {
  const open = obligations.filter(({ fromDay, toDay }) => toDay >= fromDay && toDay >= 0);
  for (let mask = 1; mask < 1 << open.length; mask += 1) {
    const chosen = open.filter((_, index) => mask & (1 << index));
    let capacity = 0n;
    for (let day = 0; day < dayCountMax; day += 1) {
      for (const each of capacities.filter((c) => c.fromDay <= day && day <= c.toDay)) {
        const usable = chosen.some(
          (o) => o.pools.includes(each.pool) && o.fromDay <= day && day <= o.toDay,
        );
        capacity += usable ? each.tokensPerDay : 0n;
      }
    }
    if (chosen.reduce((total, each) => total + each.outstanding, 0n) > capacity) {
      return false;
    }
  }
  return true;
}

/** Delivers day by day, earliest deadline first, from one pool. */
function earliestDeadlineFirst({ capacities, obligations }: CoverageProblem): boolean {
  const open = obligations
    .filter(({ fromDay, toDay }) => toDay >= fromDay && toDay >= 0)
    .map((each) => ({ ...each, left: each.outstanding }))
    .sort((a, b) => a.toDay - b.toDay);
  for (let day = 0; day < dayCountMax; day += 1) {
    let capacity = capacities
      .filter((c) => c.fromDay <= day && day <= c.toDay)
      .reduce((total, each) => total + each.tokensPerDay, 0n);
    for (const each of open.filter((o) => o.fromDay <= day && day <= o.toDay)) {
      const delivered = each.left < capacity ? each.left : capacity;
      each.left -= delivered;
      capacity -= delivered;
    }
  }
  return open.every((each) => each.left === 0n);
}

describe('Coverage on generated input', () => {
  it('agrees with an earliest-deadline-first schedule on one pool, by both methods', () => {
    fc.assert(
      fc.property(singlePool, (input) => {
        const verdict = earliestDeadlineFirst(input);
        expect(coverageOf(input, 'interval').covered).toBe(verdict);
        expect(coverageOf(input, 'flow').covered).toBe(verdict);
      }),
      { numRuns: 400 },
    );
  });

  it('finds the same largest mint by both methods on one pool', () => {
    fc.assert(
      fc.property(singlePool, (input) => {
        expect(mintableOf(input, 's0', 'interval')).toBe(mintableOf(input, 's0', 'flow'));
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with every subset of series being served, with scopes', () => {
    fc.assert(
      fc.property(scoped, (input) => {
        expect(coverageOf(input).covered).toBe(fitsEverySubset(input));
      }),
      { numRuns: 400 },
    );
  });

  it('names the largest mint exactly: it fits, and one more does not', () => {
    fc.assert(
      fc.property(scoped, (input) => {
        const [first, ...rest] = input.obligations;
        if (
          !first ||
          !coverageOf(input).covered ||
          first.toDay < 0 ||
          first.toDay < first.fromDay
        ) {
          return;
        }
        const withMore = (more: bigint): CoverageProblem => ({
          ...input,
          obligations: [{ ...first, outstanding: first.outstanding + more }, ...rest],
        });
        const mintable = mintableOf(input, first.seriesId);
        expect(coverageOf(withMore(mintable)).covered).toBe(true);
        expect(coverageOf(withMore(mintable + 1n)).covered).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('proves every refusal: the named series owe more than all they may draw on', () => {
    fc.assert(
      fc.property(scoped, (input) => {
        const coverage = coverageOf(input);
        if (coverage.covered) {
          return;
        }
        const { shortfall } = coverage;
        const named = input.obligations.filter(({ seriesId }) =>
          shortfall.seriesIds.includes(seriesId),
        );
        expect(named.reduce((total, each) => total + each.outstanding, 0n)).toBe(
          shortfall.obligations,
        );
        expect(shortfall.obligations > shortfall.capacity).toBe(true);
        expect(fitsEverySubset({ ...input, obligations: named })).toBe(false);
        for (const each of named) {
          expect(Math.max(each.fromDay, 0)).toBeGreaterThanOrEqual(shortfall.fromDay);
          expect(each.toDay).toBeLessThanOrEqual(shortfall.toDay);
        }
      }),
      { numRuns: 400 },
    );
  });
});
