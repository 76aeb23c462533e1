import type { Capacity, CoverageProblem } from './coverage-model.js';

/** A run of days on which nothing begins or ends. */
export interface Segment {
  readonly fromDay: number;
  readonly toDay: number;
}

/** Pools that the same obligations may draw on count as one; `capacities` is by segment. */
export interface PoolClass {
  readonly pools: readonly string[];
  readonly capacities: readonly bigint[];
}

/** What is due in one window from one choice of pools, whatever the series. */
export interface Demand {
  readonly seriesIds: readonly string[];
  /** Those of `seriesIds` that something is outstanding of. */
  readonly owingIds: readonly string[];
  readonly outstanding: bigint;
  readonly fromSegment: number;
  readonly toSegment: number;
  /** Indexes into the classes of the block. */
  readonly classes: readonly number[];
}

/** Obligations that share capacity, directly or through others; blocks have nothing to do with each other. */
export interface Block {
  readonly segments: readonly Segment[];
  readonly classes: readonly PoolClass[];
  readonly demands: readonly Demand[];
  /** Whether all demands may draw on all classes. */
  readonly sharedPool: boolean;
}

type Obligation = CoverageProblem['obligations'][number];

interface PoolsAndSeries {
  readonly pools: readonly string[];
  readonly obligations: readonly Obligation[];
}

/** The problem from `today` on, in blocks that can be judged one by one. */
export function blocksOf(problem: CoverageProblem): readonly Block[] {
  const { capacities, obligations } = remainingOf(problem);
  const poolsWithCapacity = [...new Set(capacities.map(({ pool }) => pool))].sort(compareText);
  return unconnected(poolsWithCapacity, obligations).map((part) => blockOf(part, capacities));
}

/** Capacities and obligations cut to the days from `today` on; what is over has perished. */
export function remainingOf({
  today,
  capacities,
  obligations,
}: CoverageProblem): Pick<CoverageProblem, 'capacities' | 'obligations'> {
  const remaining = <R extends Segment>(ranges: readonly R[]): readonly R[] =>
    ranges
      .filter((range) => range.toDay >= today && range.toDay >= range.fromDay)
      .map((range) => (range.fromDay < today ? { ...range, fromDay: today } : range));
  return { capacities: remaining(capacities), obligations: remaining(obligations) };
}

export function segmentsOf(ranges: readonly Segment[]): readonly Segment[] {
  const starts = new Set(ranges.flatMap(({ fromDay, toDay }) => [fromDay, toDay + 1]));
  const cuts = [...starts].sort((a, b) => a - b);
  return cuts
    .slice(0, -1)
    .map((fromDay, index) => ({ fromDay, toDay: (cuts[index + 1] ?? fromDay) - 1 }));
}

/** What the capacities deliver in each of adjoining segments, by one walk through the days. */
export function deliveredIn(
  segments: readonly Segment[],
  capacities: readonly Capacity[],
): readonly bigint[] {
  const changes = capacities
    .flatMap(({ fromDay, toDay, tokensPerDay }) => [
      { day: fromDay, change: tokensPerDay },
      { day: toDay + 1, change: -tokensPerDay },
    ])
    .sort((a, b) => a.day - b.day);
  let next = 0;
  let perDay = 0n;
  let day = changes[0]?.day ?? 0;
  const deliveredUntil = (end: number): bigint => {
    let delivered = 0n;
    for (let at = changes[next]; at && at.day < end; at = changes[next]) {
      delivered += perDay * BigInt(at.day - day);
      day = at.day;
      perDay += at.change;
      next += 1;
    }
    if (end > day) {
      delivered += perDay * BigInt(end - day);
      day = end;
    }
    return delivered;
  };
  deliveredUntil(segments[0]?.fromDay ?? 0);
  return segments.map(({ toDay }) => deliveredUntil(toDay + 1));
}

/** Splits pools and obligations where no obligation joins them; without any pool they stay together. */
function unconnected(
  pools: readonly string[],
  obligations: readonly Obligation[],
): readonly PoolsAndSeries[] {
  let parts: PoolsAndSeries[] = pools.map((pool) => ({ pools: [pool], obligations: [] }));
  const bare: Obligation[] = [];
  for (const obligation of obligations) {
    const drawsOn = ({ pools: own }: PoolsAndSeries): boolean =>
      own.some((pool) => obligation.pools.includes(pool));
    const joined = parts.filter(drawsOn);
    if (joined.length === 0) {
      bare.push(obligation);
    } else if (joined.length === 1) {
      (joined[0]?.obligations as Obligation[]).push(obligation);
    } else {
      parts = parts.filter((part) => !joined.includes(part));
      parts.push({
        pools: joined.flatMap((part) => part.pools),
        obligations: [...joined.flatMap((part) => part.obligations), obligation],
      });
    }
  }
  return [...parts, { pools: [], obligations: bare }].filter((part) => part.obligations.length > 0);
}

function blockOf({ pools, obligations }: PoolsAndSeries, capacities: readonly Capacity[]): Block {
  const segments = segmentsOf(obligations);
  const segmentOfFirstDay = new Map(segments.map(({ fromDay }, index) => [fromDay, index]));
  const segmentOfLastDay = new Map(segments.map(({ toDay }, index) => [toDay, index]));
  const classes = grouped(pools, (pool) =>
    obligations.map((each) => (each.pools.includes(pool) ? '1' : '0')).join(''),
  ).map((alike) => ({
    pools: [...alike].sort(compareText),
    capacities: deliveredIn(
      segments,
      capacities.filter(({ pool }) => alike.includes(pool)),
    ),
  }));
  const classesOf = (obligation: Obligation): readonly number[] =>
    classes.flatMap((each, index) =>
      each.pools.some((pool) => obligation.pools.includes(pool)) ? [index] : [],
    );
  const demands = grouped(
    obligations,
    (each) => `${each.fromDay}/${each.toDay}/${classesOf(each).join()}`,
  ).map((alike) => {
    const [first] = alike as readonly [Obligation, ...Obligation[]];
    return {
      seriesIds: alike.map(({ seriesId }) => seriesId),
      owingIds: alike.filter((each) => each.outstanding > 0n).map(({ seriesId }) => seriesId),
      outstanding: sum(alike.map(({ outstanding }) => outstanding)),
      fromSegment: segmentOfFirstDay.get(first.fromDay) ?? 0,
      toSegment: segmentOfLastDay.get(first.toDay) ?? 0,
      classes: classesOf(first),
    };
  });
  return {
    segments,
    classes,
    demands,
    sharedPool: demands.every((demand) => demand.classes.length === classes.length),
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) {
      group.push(item);
    } else {
      groups.set(key, [item]);
    }
  }
  return [...groups.values()];
}

export function sum(terms: readonly bigint[]): bigint {
  return terms.reduce((total, term) => total + term, 0n);
}

/** By UTF-16 code units: the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
