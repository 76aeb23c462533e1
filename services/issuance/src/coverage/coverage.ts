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
 * V6: Obligations that share no pool, not even through others, are judged apart.
 */
import { Placement } from './coverage-flow.js';
import { intervalSpares, worstInterval } from './coverage-intervals.js';
import type { CoverageProblem, Shortfall } from './coverage-model.js';
import { blocksOf, deliveredIn, remainingOf, segmentsOf, type Block } from './coverage-plan.js';

export type Coverage =
  { readonly covered: true } | { readonly covered: false; readonly shortfall: Shortfall };

export type CoverageMethod = 'automatic' | 'interval' | 'flow';

/** Whether everything outstanding can still be delivered from `today` on, or what cannot: what is shortest. */
export function coverageOf(
  problem: CoverageProblem,
  method: CoverageMethod = 'automatic',
): Coverage {
  let worst: Shortfall | null = null;
  for (const block of blocksOf(problem)) {
    const found = usesIntervals(block, method)
      ? worstInterval(block)
      : new Placement(block).shortfall();
    if (found && (!worst || excessOf(found) > excessOf(worst))) {
      worst = found;
    }
  }
  return worst ? { covered: false, shortfall: worst } : { covered: true };
}

/** What a series could still have. */
export interface Mintable {
  readonly seriesId: string;
  readonly quantity: bigint;
}

/**
 * The largest additional quantity of each series that leaves everything covered; 0 when something is short already or
 * its window is over. One series after another, so that a caller with others to serve can pause in between.
 */
export function* mintables(
  problem: CoverageProblem,
  method: CoverageMethod = 'automatic',
): Generator<Mintable> {
  const isCovered = coverageOf(problem, method).covered;
  const served = new Set<string>();
  for (const block of isCovered ? blocksOf(problem) : []) {
    const spareOf = sparesOf(block, method);
    for (const demand of block.demands) {
      const quantity = spareOf(demand);
      for (const seriesId of demand.seriesIds) {
        served.add(seriesId);
        yield { seriesId, quantity };
      }
    }
  }
  for (const { seriesId } of problem.obligations) {
    if (!served.has(seriesId)) yield { seriesId, quantity: 0n };
  }
}

/** The same of one series. */
export function mintableOf(
  problem: CoverageProblem,
  seriesId: string,
  method: CoverageMethod = 'automatic',
): bigint {
  for (const block of blocksOf(problem)) {
    const demand = block.demands.find(({ seriesIds }) => seriesIds.includes(seriesId));
    if (demand) {
      return coverageOf(problem, method).covered ? sparesOf(block, method)(demand) : 0n;
    }
  }
  return 0n;
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
  const { capacities, obligations } = remainingOf(problem);
  const segments = segmentsOf([...capacities, ...obligations]);
  const delivered = deliveredIn(segments, capacities);
  const dueOn = new Map<number, bigint>();
  for (const { toDay, outstanding } of obligations) {
    dueOn.set(toDay, (dueOn.get(toDay) ?? 0n) + outstanding);
  }
  let cumulativeSlack = 0n;
  return segments.map(({ fromDay, toDay }, index) => {
    const capacity = delivered[index] ?? 0n;
    const due = dueOn.get(toDay) ?? 0n;
    cumulativeSlack += capacity - due;
    return { fromDay, toDay, capacity, due, cumulativeSlack };
  });
}

function usesIntervals(block: Block, method: CoverageMethod): boolean {
  if (method === 'interval' && !block.sharedPool) {
    throw new RangeError('the interval test needs obligations that share all their pools');
  }
  return method === 'interval' || (method === 'automatic' && block.sharedPool);
}

function sparesOf(
  block: Block,
  method: CoverageMethod,
): (demand: Block['demands'][number]) => bigint {
  if (usesIntervals(block, method)) {
    const spares = intervalSpares(block);
    return (demand) => spares.get(demand) ?? 0n;
  }
  const placement = new Placement(block);
  return (demand) => placement.spareOf(demand);
}

function excessOf({ obligations, capacity }: Shortfall): bigint {
  return obligations - capacity;
}
