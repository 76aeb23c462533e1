/**
 * Coverage: can the obligations be delivered from the capacity they may draw on?
 *
 * V1: An obligation is the outstanding quantity of a series, due on any days of its remaining window.
 * V2: Capacity is a quantity per day and pool (a SKU); what a day does not deliver perishes with it.
 * V3: Obligations that may all draw on the same pools are covered exactly if for every interval [s, t] of
 *     days those whose window lies inside it fit the capacity of [s, t] (Hall's condition).
 * V4: Otherwise it is a transportation problem (series) x (day segment, pool class), solved exactly as a
 *     maximum flow; the minimum cut names the series, days and pools that do not fit.
 * V5: Both tests give the same verdict wherever both apply.
 */
import { FlowNetwork } from './max-flow.js';

/** `tokensPerDay` of a pool on every day of a range, both ends included. */
export interface Capacity {
  readonly pool: string;
  readonly fromDay: number;
  readonly toDay: number;
  readonly tokensPerDay: bigint;
}

export interface Obligation {
  readonly seriesId: string;
  readonly pools: readonly string[];
  readonly fromDay: number;
  readonly toDay: number;
  readonly outstanding: bigint;
}

export interface CoverageProblem {
  readonly today: number;
  readonly capacities: readonly Capacity[];
  readonly obligations: readonly Obligation[];
}

/** Series whose obligations exceed all the capacity that they may draw on in [fromDay, toDay]. */
export interface Shortfall {
  readonly fromDay: number;
  readonly toDay: number;
  readonly pools: readonly string[];
  readonly seriesIds: readonly string[];
  readonly obligations: bigint;
  readonly capacity: bigint;
}

export type Coverage =
  { readonly covered: true } | { readonly covered: false; readonly shortfall: Shortfall };

/** A run of days on which nothing begins or ends. */
interface Segment {
  readonly fromDay: number;
  readonly toDay: number;
}

/** Pools that the same obligations may draw on count as one. */
interface PoolClass {
  readonly pools: readonly string[];
  readonly capacities: readonly bigint[];
}

interface Demand {
  readonly seriesId: string;
  readonly outstanding: bigint;
  readonly fromSegment: number;
  readonly toSegment: number;
  readonly classes: readonly number[];
}

interface Plan {
  readonly segments: readonly Segment[];
  readonly classes: readonly PoolClass[];
  readonly demands: readonly Demand[];
  readonly sharedPool: boolean;
}

export type CoverageMethod = 'automatic' | 'interval' | 'flow';

/** Whether everything outstanding can still be delivered from `today` on, or what cannot. */
export function coverageOf(
  problem: CoverageProblem,
  method: CoverageMethod = 'automatic',
): Coverage {
  const plan = planOf(problem);
  const shortfall = usesIntervals(plan, method) ? worstInterval(plan) : cutShortfall(plan);
  return shortfall ? { covered: false, shortfall } : { covered: true };
}

/**
 * The largest additional quantity of a series that leaves everything covered; 0 when something is short
 * already or the window of the series is over.
 */
export function mintableOf(
  problem: CoverageProblem,
  seriesId: string,
  method: CoverageMethod = 'automatic',
): bigint {
  const plan = planOf(problem);
  const index = plan.demands.findIndex((demand) => demand.seriesId === seriesId);
  const demand = plan.demands[index];
  if (!demand || !coverageOf(problem, method).covered) {
    return 0n;
  }
  return usesIntervals(plan, method) ? intervalSlack(plan, demand) : flowSlack(plan, demand);
}

/** One step of the maturity ladder; `due` is what falls due at the latest in this segment. */
export interface LadderStep {
  readonly fromDay: number;
  readonly toDay: number;
  readonly capacity: bigint;
  readonly due: bigint;
  readonly cumulativeSlack: bigint;
}

/** Capacity against obligations by the last day they can be met, over all pools. */
export function maturityLadder(problem: CoverageProblem): readonly LadderStep[] {
  const { segments, classes, demands } = planOf(problem, { keepUnusedPools: true });
  let cumulativeSlack = 0n;
  return segments.map(({ fromDay, toDay }, index) => {
    const capacity = sum(classes.map((pools) => pools.capacities[index] ?? 0n));
    const due = sum(demands.filter((d) => d.toSegment === index).map((d) => d.outstanding));
    cumulativeSlack += capacity - due;
    return { fromDay, toDay, capacity, due, cumulativeSlack };
  });
}

function usesIntervals(plan: Plan, method: CoverageMethod): boolean {
  if (method === 'interval' && !plan.sharedPool) {
    throw new RangeError('the interval test needs obligations that share all their pools');
  }
  return method === 'interval' || (method === 'automatic' && plan.sharedPool);
}

function planOf(problem: CoverageProblem, options = { keepUnusedPools: false }): Plan {
  const { today } = problem;
  const capacities = remaining(problem.capacities, today);
  const obligations = remaining(problem.obligations, today);
  const segments = segmentsOf([...capacities, ...obligations]);
  const segmentOfFirstDay = new Map(segments.map(({ fromDay }, index) => [fromDay, index]));
  const segmentOfLastDay = new Map(segments.map(({ toDay }, index) => [toDay, index]));

  const poolsBySignature = new Map<string, string[]>();
  for (const pool of [...new Set(capacities.map((capacity) => capacity.pool))].sort(compareText)) {
    const signature = obligations.map((o) => (o.pools.includes(pool) ? '1' : '0')).join('');
    if (signature.includes('1') || options.keepUnusedPools) {
      poolsBySignature.set(signature, [...(poolsBySignature.get(signature) ?? []), pool]);
    }
  }
  const classes = [...poolsBySignature.values()].map((pools) => {
    const perSegment = segments.map(({ fromDay, toDay }) => {
      const inForce = capacities.filter(
        (c) => pools.includes(c.pool) && c.fromDay <= fromDay && toDay <= c.toDay,
      );
      return sum(inForce.map((capacity) => capacity.tokensPerDay)) * BigInt(toDay - fromDay + 1);
    });
    return { pools, capacities: perSegment };
  });
  const demands = obligations.map(({ seriesId, outstanding, fromDay, toDay, pools }) => ({
    seriesId,
    outstanding,
    fromSegment: segmentOfFirstDay.get(fromDay) ?? 0,
    toSegment: segmentOfLastDay.get(toDay) ?? 0,
    classes: classes.flatMap((poolClass, index) =>
      poolClass.pools.some((pool) => pools.includes(pool)) ? [index] : [],
    ),
  }));
  const sharedPool = demands.every((demand) => demand.classes.length === classes.length);
  return { segments, classes, demands, sharedPool };
}

/** Ranges cut to the days from `today` on; what is over has perished. */
function remaining<R extends { readonly fromDay: number; readonly toDay: number }>(
  ranges: readonly R[],
  today: number,
): readonly R[] {
  return ranges
    .filter((range) => range.toDay >= today && range.toDay >= range.fromDay)
    .map((range) => (range.fromDay < today ? { ...range, fromDay: today } : range));
}

function segmentsOf(ranges: readonly Segment[]): readonly Segment[] {
  const starts = new Set(ranges.flatMap(({ fromDay, toDay }) => [fromDay, toDay + 1]));
  const cuts = [...starts].sort((a, b) => a - b);
  return cuts
    .slice(0, -1)
    .map((fromDay, index) => ({ fromDay, toDay: (cuts[index + 1] ?? fromDay) - 1 }));
}

interface Interval {
  readonly fromSegment: number;
  readonly toSegment: number;
  readonly obligations: bigint;
  readonly capacity: bigint;
}

/** Every interval from the first day of some window to the last day of some window. */
function* intervals({ classes, demands, segments }: Plan): Generator<Interval> {
  const prefix = [0n];
  segments.forEach((_, index) => {
    const here = sum(classes.map((poolClass) => poolClass.capacities[index] ?? 0n));
    prefix.push((prefix[index] ?? 0n) + here);
  });
  const byEnd = [...demands].sort((a, b) => a.toSegment - b.toSegment);
  for (const fromSegment of new Set(demands.map((demand) => demand.fromSegment))) {
    let obligations = 0n;
    for (const [index, demand] of byEnd.entries()) {
      obligations += demand.fromSegment >= fromSegment ? demand.outstanding : 0n;
      const { toSegment } = demand;
      if (toSegment >= fromSegment && byEnd[index + 1]?.toSegment !== toSegment) {
        const capacity = (prefix[toSegment + 1] ?? 0n) - (prefix[fromSegment] ?? 0n);
        yield { fromSegment, toSegment, obligations, capacity };
      }
    }
  }
}

function worstInterval(plan: Plan): Shortfall | null {
  let worst: Interval | null = null;
  for (const interval of intervals(plan)) {
    const excess = interval.obligations - interval.capacity;
    if (excess > 0n && (!worst || excess > worst.obligations - worst.capacity)) {
      worst = interval;
    }
  }
  if (!worst) {
    return null;
  }
  const { fromSegment, toSegment, obligations, capacity } = worst;
  const inside = plan.demands.filter(
    (d) => d.outstanding > 0n && d.fromSegment >= fromSegment && d.toSegment <= toSegment,
  );
  return {
    fromDay: plan.segments[fromSegment]?.fromDay ?? 0,
    toDay: plan.segments[toSegment]?.toDay ?? 0,
    pools: plan.classes.flatMap((poolClass) => poolClass.pools),
    seriesIds: inside.map((demand) => demand.seriesId),
    obligations,
    capacity,
  };
}

function intervalSlack(plan: Plan, demand: Demand): bigint {
  let slack: bigint | null = null;
  for (const { fromSegment, toSegment, obligations, capacity } of intervals(plan)) {
    const contains = fromSegment <= demand.fromSegment && toSegment >= demand.toSegment;
    if (contains && (slack === null || capacity - obligations < slack)) {
      slack = capacity - obligations;
    }
  }
  return slack ?? 0n;
}

/** Node numbers: source, sink, then the demands, then the cells (segment, class). */
const source = 0;
const sink = 1;
const demandNode = (demand: number): number => 2 + demand;

function cellNode(plan: Plan, segment: number, poolClass: number): number {
  return 2 + plan.demands.length + segment * plan.classes.length + poolClass;
}

function networkOf(plan: Plan): FlowNetwork {
  const { demands, segments, classes } = plan;
  const network = new FlowNetwork(2 + demands.length + segments.length * classes.length);
  demands.forEach((demand, index) => {
    network.addEdge(source, demandNode(index), demand.outstanding);
    for (const [segment, poolClass] of cellsOf(demand)) {
      network.addEdge(demandNode(index), cellNode(plan, segment, poolClass), demand.outstanding);
    }
  });
  segments.forEach((_, segment) => {
    classes.forEach(({ capacities }, poolClass) => {
      network.addEdge(cellNode(plan, segment, poolClass), sink, capacities[segment] ?? 0n);
    });
  });
  return network;
}

function* cellsOf({
  fromSegment,
  toSegment,
  classes,
}: Demand): Generator<readonly [number, number]> {
  for (let segment = fromSegment; segment <= toSegment; segment += 1) {
    for (const poolClass of classes) {
      yield [segment, poolClass];
    }
  }
}

function flowSlack(plan: Plan, demand: Demand): bigint {
  // With an unlimited demand for this series the minimum cut must contain it, so the flow beyond the
  // other obligations is the most that this series can have.
  const unlimited =
    sum(plan.classes.flatMap(({ capacities }) => capacities)) + demand.outstanding + 1n;
  const demands = plan.demands.map((each) =>
    each === demand ? { ...each, outstanding: unlimited } : each,
  );
  const others = sum(
    plan.demands.filter((each) => each !== demand).map((each) => each.outstanding),
  );
  const flow = networkOf({ ...plan, demands }).maxFlow(source, sink);
  return flow - others - demand.outstanding;
}

function cutShortfall(plan: Plan): Shortfall | null {
  const network = networkOf(plan);
  const wanted = sum(plan.demands.map((demand) => demand.outstanding));
  if (network.maxFlow(source, sink) === wanted) {
    return null;
  }
  const side = network.sourceSide(source);
  const short = plan.demands.filter((_, index) => side.has(demandNode(index)));
  // The cut may join groups that have nothing to do with each other: name the one that is shortest.
  const groups = groupsSharingCells(short).map((group) => shortfallOf(plan, group));
  return groups.reduce((worst, group) =>
    group.obligations - group.capacity > worst.obligations - worst.capacity ? group : worst,
  );
}

function groupsSharingCells(demands: readonly Demand[]): readonly (readonly Demand[])[] {
  let groups: { readonly demands: readonly Demand[]; readonly cells: ReadonlySet<string> }[] = [];
  for (const demand of demands) {
    const cells = new Set([...cellsOf(demand)].map((cell) => cell.join('/')));
    const touching = groups.filter((group) => [...cells].some((cell) => group.cells.has(cell)));
    groups = groups.filter((group) => !touching.includes(group));
    groups.push({
      demands: [...touching.flatMap((group) => group.demands), demand],
      cells: new Set([...touching.flatMap((group) => [...group.cells]), ...cells]),
    });
  }
  return groups.map((group) => group.demands);
}

function shortfallOf(plan: Plan, demands: readonly Demand[]): Shortfall {
  const cells = new Map<string, readonly [number, number]>();
  for (const cell of demands.flatMap((demand) => [...cellsOf(demand)])) {
    cells.set(cell.join('/'), cell);
  }
  const classes = new Set([...cells.values()].map(([, poolClass]) => poolClass));
  const fromSegment = Math.min(...demands.map((demand) => demand.fromSegment));
  const toSegment = Math.max(...demands.map((demand) => demand.toSegment));
  return {
    fromDay: plan.segments[fromSegment]?.fromDay ?? 0,
    toDay: plan.segments[toSegment]?.toDay ?? 0,
    pools: [...classes].flatMap((index) => plan.classes[index]?.pools ?? []).sort(compareText),
    seriesIds: demands.map((demand) => demand.seriesId),
    obligations: sum(demands.map((demand) => demand.outstanding)),
    capacity: sum(
      [...cells.values()].map(
        ([segment, poolClass]) => plan.classes[poolClass]?.capacities[segment] ?? 0n,
      ),
    ),
  };
}

function sum(terms: readonly bigint[]): bigint {
  return terms.reduce((total, term) => total + term, 0n);
}

/** By UTF-16 code units: the same order on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
