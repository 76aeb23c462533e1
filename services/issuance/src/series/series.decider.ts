/**
 * A series of tokens, on the stream of its provider: its terms. What is minted of it: `mint.decider.ts`.
 *
 * P5: A series draws on its own SKUs and its own delivery window only; its terms never change.
 */
import { accept, reject } from '@specie/event-sourcing';
import { dayOf } from '../coverage/days.js';
import { openOn } from '../provider/coverage-problem.js';
import {
  checkDays,
  dayCountMax,
  seriesCountMax,
  type ProviderDecision,
} from '../provider/provider.decider.js';
import type { Provider, Series } from '../provider/provider.state.js';
import type { OpenSeries } from './series.commands.js';

export function openSeries({ data, metadata }: OpenSeries, state: Provider): ProviderDecision {
  if (state.status === 'unregistered') return reject('provider_unregistered');
  const { eligible, ineligibility, ...terms } = data;
  const existing = state.series.get(terms.seriesId);
  if (existing) {
    return sameTerms(existing, terms) ? accept() : reject('series_exists_differently');
  }
  if (!eligible) return reject('party_ineligible', ineligibility);
  const wrongDays = checkDays(terms.windowFromOn, terms.windowToOn, metadata.now);
  if (wrongDays) return reject(wrongDays, { today: dayOf(metadata.now), dayCountMax });
  if (openOn(state, dayOf(metadata.now)).length >= seriesCountMax)
    return reject('series_too_many', { seriesCountMax });
  return accept({
    type: 'issuance.series-opened',
    data: { providerId: state.providerId, ...terms, skus: [...terms.skus] },
  });
}

function sameTerms(
  series: Series,
  terms: Omit<OpenSeries['data'], 'eligible' | 'ineligibility'>,
): boolean {
  return (
    series.treasuryAccountId === terms.treasuryAccountId &&
    series.windowFromOn === terms.windowFromOn &&
    series.windowToOn === terms.windowToOn &&
    series.region === terms.region &&
    series.transferable === terms.transferable &&
    series.skus.length === terms.skus.length &&
    series.skus.every((sku, index) => sku === terms.skus[index])
  );
}
