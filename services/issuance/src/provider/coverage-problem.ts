import type { ViolationDetails } from '@specie/event-sourcing';
import { formatMicro, microTokens, type MicroTokens } from '@specie/quantities';
import type {
  Capacity,
  CoverageProblem,
  Obligation,
  Shortfall,
} from '../coverage/coverage-model.js';
import { dayNumber, dayOf, dayText } from '../coverage/days.js';
import type { BurnedBySeries } from './provider.commands.js';
import type { Commitment, RegisteredProvider, Series } from './provider.state.js';

/** What has to be covered, by what, from the day of `now` on. */
export function coverageProblem(
  state: RegisteredProvider,
  burned: BurnedBySeries,
  now: string,
): CoverageProblem {
  const today = dayOf(now);
  const capacities: Capacity[] = [...state.commitments.values()]
    .filter((each) => each.status === 'attested' && isInForce(each, today))
    .map(({ sku, fromOn, toOn, tokensPerDay }) => ({
      pool: sku,
      fromDay: dayNumber(fromOn),
      toDay: dayNumber(toOn),
      tokensPerDay,
    }));
  const obligations: Obligation[] = openOn(state, today).map((series) => ({
    seriesId: series.seriesId,
    pools: series.skus,
    fromDay: dayNumber(series.windowFromOn),
    toDay: dayNumber(series.windowToOn),
    outstanding: outstandingOf(series, burned),
  }));
  return { today: dayNumber(today), capacities, obligations };
}

/** Whether the days of a commitment are not over and it is not withdrawn. */
export function isInForce({ status, toOn }: Commitment, today: string): boolean {
  return status !== 'withdrawn' && toOn >= today;
}

/** Series whose window is not over: what of them is outstanding has to be covered. */
export function openOn(state: RegisteredProvider, today: string): readonly Series[] {
  return [...state.series.values()].filter(({ windowToOn }) => windowToOn >= today);
}

/** Tokens of a series that are minted and not burned. */
export function outstandingOf(series: Series, burned: BurnedBySeries): MicroTokens {
  return microTokens(series.minted - (burned.get(series.seriesId) ?? 0n));
}

/** Series that a refusal names; it says how many more there are. */
const seriesNamedMax = 10;

/** The interval that would be short, as a refusal names it. */
export function shortfallDetails(shortfall: Shortfall): ViolationDetails {
  const { fromDay, toDay, pools, seriesIds, obligations, capacity } = shortfall;
  const named = seriesIds.slice(0, seriesNamedMax).join(', ');
  const more = seriesIds.length - seriesNamedMax;
  return {
    fromOn: dayText(fromDay),
    toOn: dayText(toDay),
    series: more > 0 ? `${named} and ${more} more` : named,
    obligations: formatMicro(obligations),
    skus: pools.join(', ') || 'their SKUs',
    capacity: formatMicro(capacity),
  };
}
