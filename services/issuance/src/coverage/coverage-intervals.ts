import { sum, type Block, type Demand } from './coverage-plan.js';
import type { Shortfall } from './coverage-model.js';
import { SlackTree } from './slack-tree.js';

interface Start {
  /** The slacks of all intervals that begin here, by their last segment. */
  readonly slacks: SlackTree;
  readonly fromSegment: number;
  /** The demands whose window begins here. */
  readonly demands: readonly Demand[];
}

/** The interval whose obligations exceed its capacity most, or null. */
export function worstInterval(block: Block): Shortfall | null {
  let worst = { fromSegment: 0, toSegment: 0, slack: 0n };
  for (const { slacks, fromSegment } of startsOf(block)) {
    const { place, slack } = slacks.lowestFrom(fromSegment);
    if (slack < worst.slack) {
      worst = { fromSegment, toSegment: place, slack };
    }
  }
  if (worst.slack === 0n) {
    return null;
  }
  const { fromSegment, toSegment } = worst;
  const inside = block.demands.filter(
    (demand) => demand.fromSegment >= fromSegment && demand.toSegment <= toSegment,
  );
  const obligations = sum(inside.map((demand) => demand.outstanding));
  return {
    fromDay: block.segments[fromSegment]?.fromDay ?? 0,
    toDay: block.segments[toSegment]?.toDay ?? 0,
    pools: block.classes.flatMap((poolClass) => poolClass.pools),
    seriesIds: inside.flatMap((demand) => demand.owingIds),
    obligations,
    capacity: obligations + worst.slack,
  };
}

/** How much more each demand could have by itself, given that all are covered: the least slack around its window. */
export function intervalSpares(block: Block): ReadonlyMap<Demand, bigint> {
  const spares = new Map<Demand, bigint>();
  for (const { slacks, demands } of startsOf(block)) {
    for (const demand of demands) {
      spares.set(demand, slacks.lowestEverFrom(demand.toSegment));
    }
  }
  return spares;
}

/**
 * One sweep over the first segments of the windows, in order. The slack of the interval [s, t] is the capacity of
 * s..t less what is due inside it; from one s to the next it changes only for the intervals that end where a window
 * that began at s ends, or later, and for all by the capacity that is passed.
 */
function* startsOf({ segments, classes, demands }: Block): Generator<Start> {
  const due = new Array<bigint>(segments.length).fill(0n);
  const byStart = new Map<number, Demand[]>();
  for (const demand of demands) {
    const { fromSegment, toSegment, outstanding } = demand;
    due[toSegment] = (due[toSegment] ?? 0n) + outstanding;
    byStart.set(fromSegment, [...(byStart.get(fromSegment) ?? []), demand]);
  }
  let [delivered, owed] = [0n, 0n];
  const before: bigint[] = [];
  const row = segments.map((_, segment) => {
    before.push(delivered);
    delivered += sum(classes.map(({ capacities }) => capacities[segment] ?? 0n));
    owed += due[segment] ?? 0n;
    return delivered - owed;
  });
  const slacks = new SlackTree(row);
  let passed = 0n;
  for (const [fromSegment, begun] of [...byStart].sort(([a], [b]) => a - b)) {
    const untilHere = before[fromSegment] ?? 0n;
    slacks.addFrom(0, passed - untilHere);
    passed = untilHere;
    yield { slacks, fromSegment, demands: begun };
    for (const { toSegment, outstanding } of begun) {
      slacks.addFrom(toSegment, outstanding);
    }
  }
}
