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

export interface Shortfall {
  readonly fromDay: number;
  readonly toDay: number;
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
 * The first interval of days in which obligations exceed capacity, or null (S2). Tested for every
 * interval between window ends and for every set of SKUs that some obligations are confined to: what is
 * due inside [s, t] from these SKUs only must fit what these SKUs give in [s, t] (Hall's condition).
 */
export function findShortfall(
  today: number,
  capacities: readonly CoverageCapacity[],
  obligations: readonly CoverageObligation[],
): Shortfall | null {
  const open = obligations
    .map((each) => ({ ...each, fromDay: Math.max(each.fromDay, today) }))
    .filter((each) => each.outstanding > 0n && each.toDay >= each.fromDay);
  for (const skus of scopesOf(open)) {
    const confined = open.filter((each) => each.skus.every((sku) => skus.has(sku)));
    const usable = capacities.filter((each) => skus.has(each.sku));
    const shortfall = findInterval(today, usable, confined);
    if (shortfall !== null) {
      return shortfall;
    }
  }
  return null;
}

function scopesOf(obligations: readonly CoverageObligation[]): readonly ReadonlySet<string>[] {
  const scopes = new Map<string, ReadonlySet<string>>();
  const add = (skus: Iterable<string>): void => {
    const sorted = [...new Set(skus)].sort();
    scopes.set(sorted.join(' '), new Set(sorted));
  };
  for (const { skus } of obligations) {
    add(skus);
  }
  for (const first of [...scopes.values()]) {
    for (const second of [...scopes.values()]) {
      add([...first, ...second]);
    }
  }
  add(obligations.flatMap(({ skus }) => skus));
  return [...scopes.values()];
}

function findInterval(
  today: number,
  capacities: readonly CoverageCapacity[],
  obligations: readonly CoverageObligation[],
): Shortfall | null {
  const starts = [...new Set(obligations.map((each) => each.fromDay))];
  const ends = [...new Set(obligations.map((each) => each.toDay))];
  for (const fromDay of starts) {
    for (const toDay of ends.filter((end) => end >= fromDay)) {
      let due = 0n;
      for (const each of obligations) {
        due += each.fromDay >= fromDay && each.toDay <= toDay ? each.outstanding : 0n;
      }
      const capacity = due === 0n ? 0n : capacityOf(capacities, Math.max(fromDay, today), toDay);
      if (due > capacity) {
        return { fromDay, toDay, obligations: due, capacity };
      }
    }
  }
  return null;
}

function capacityOf(
  capacities: readonly CoverageCapacity[],
  fromDay: number,
  toDay: number,
): bigint {
  let total = 0n;
  for (const each of capacities) {
    const days = Math.min(toDay, each.toDay) - Math.max(fromDay, each.fromDay) + 1;
    total += days > 0 ? BigInt(days) * each.tokensPerDay : 0n;
  }
  return total;
}
