import { valueOf } from './fold.js';
import { findUnplaced } from './placement.js';

const dayMs = 86_400_000;

export interface CoverageCapacity {
  readonly sku: string;
  readonly fromDay: number;
  readonly toDay: number;
  readonly tokensPerDay: bigint;
}

export interface CoverageObligation {
  readonly seriesId: string;
  readonly skus: readonly string[];
  readonly fromDay: number;
  readonly toDay: number;
  readonly outstanding: bigint;
}

/** Obligations of some series, and all the capacity that these may draw on. */
export interface Shortfall {
  readonly fromDay: number;
  readonly toDay: number;
  readonly seriesIds: readonly string[];
  readonly obligations: bigint;
  readonly capacity: bigint;
}

/** Days since 1970-01-01 of a calendar day. */
export function dayOf(text: string): number {
  return Date.parse(text) / dayMs;
}

export function dayOfInstant(epochMs: number): number {
  return Math.floor(epochMs / dayMs);
}

export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/**
 * Series that exceed all the capacity they may draw on from `today` on, or null (S2). Days on which the same
 * series may draw on the same SKUs are one bin; what a bin delivers is the sum over its days.
 */
export function findShortfall(
  today: number,
  capacities: readonly CoverageCapacity[],
  obligations: readonly CoverageObligation[],
): Shortfall | null {
  const open = obligations
    .map((each) => ({ ...each, fromDay: Math.max(each.fromDay, today) }))
    .filter((each) => each.outstanding > 0n && each.toDay >= each.fromDay);
  const bins = binsOf(capacities, open);
  const short = findUnplaced({
    amounts: open.map(({ outstanding }) => outstanding),
    capacities: bins.map(({ capacity }) => capacity),
    mayUse: open.map((_, index) =>
      bins.flatMap(({ usedBy }, bin) => (usedBy.includes(index) ? [bin] : [])),
    ),
  });
  if (short === null) {
    return null;
  }
  const confined = short.flatMap((index) => open[index] ?? []);
  const usable = bins.filter(({ usedBy }) => usedBy.some((index) => short.includes(index)));
  return {
    fromDay: Math.min(...confined.map(({ fromDay }) => fromDay)),
    toDay: Math.max(...confined.map(({ toDay }) => toDay)),
    seriesIds: confined.map(({ seriesId }) => seriesId),
    obligations: confined.reduce((sum, { outstanding }) => sum + outstanding, 0n),
    capacity: usable.reduce((sum, { capacity }) => sum + capacity, 0n),
  };
}

interface Bin {
  /** Indexes of the obligations that may draw on it. */
  readonly usedBy: readonly number[];
  capacity: bigint;
}

function binsOf(
  capacities: readonly CoverageCapacity[],
  open: readonly CoverageObligation[],
): readonly Bin[] {
  const cuts = [...new Set(open.flatMap(({ fromDay, toDay }) => [fromDay, toDay + 1]))];
  cuts.sort((a, b) => a - b);
  const skus = new Set(capacities.map(({ sku }) => sku));
  const bins = new Map<string, Bin>();
  for (const [index, fromDay] of cuts.slice(0, -1).entries()) {
    const toDay = (cuts[index + 1] ?? fromDay) - 1;
    for (const sku of skus) {
      const usedBy = open.flatMap((each, at) =>
        each.fromDay <= fromDay && toDay <= each.toDay && each.skus.includes(sku) ? [at] : [],
      );
      const bin = valueOf(bins, usedBy.join(), () => ({ usedBy, capacity: 0n }));
      bin.capacity += capacityOf(capacities, { sku, fromDay, toDay });
    }
  }
  return [...bins.values()].filter(({ usedBy }) => usedBy.length > 0);
}

function capacityOf(
  capacities: readonly CoverageCapacity[],
  {
    sku,
    fromDay,
    toDay,
  }: { readonly sku: string; readonly fromDay: number; readonly toDay: number },
): bigint {
  let total = 0n;
  for (const each of capacities) {
    const days = Math.min(toDay, each.toDay) - Math.max(fromDay, each.fromDay) + 1;
    total += each.sku === sku && days > 0 ? BigInt(days) * each.tokensPerDay : 0n;
  }
  return total;
}
