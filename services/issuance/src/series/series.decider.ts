/**
 * A series of tokens, on the stream of its provider: its terms, and what is minted of it.
 *
 * P4 (S2): After every mint, every interval of days is covered.
 * P5: A series draws on its own SKUs and its own delivery window only; its terms never change.
 */
import { accept, place, reject, type Decision, type Placed } from '@specie/event-sourcing';
import { add, formatMicro, microTokens, quantityMax, type MicroTokens } from '@specie/quantities';
import type { AccountTerms } from '../account/account.commands.js';
import { receiveMint } from '../account/account.decider.js';
import { accountStream, type Account, type AccountEvent } from '../account/account.state.js';
import { coverageOf, mintableOf, mintables } from '../coverage/coverage.js';
import {
  coverageProblem,
  openOn,
  outstandingOf,
  shortfallDetails,
} from '../coverage/coverage-problem.js';
import { dayOf } from '../coverage/days.js';
import type { MintTokens, OpenSeries } from './series.commands.js';
import type { BurnedBySeries } from '../provider/provider.commands.js';
import {
  checkDays,
  dayCountMax,
  seriesCountMax,
  type ProviderDecision,
  type ProviderRejection,
} from '../provider/provider.decider.js';
import {
  providerStream,
  type Provider,
  type ProviderEvent,
  type RegisteredProvider,
  type Series,
} from '../provider/provider.state.js';

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

export function mintTokens({ data, metadata }: MintTokens, state: Provider): ProviderDecision {
  if (state.status === 'unregistered') return reject('provider_unregistered');
  const { seriesId, mintId, quantity, earlier, burned, eligible, ineligibility } = data;
  const series = state.series.get(seriesId);
  if (!series) return reject('series_unknown');
  if (earlier) {
    return earlier.quantity === quantity
      ? accept()
      : reject('mint_exists_differently', { quantity: formatMicro(earlier.quantity) });
  }
  if (!eligible) return reject('party_ineligible', ineligibility);
  const coveredOn = dayOf(metadata.now);
  if (series.windowToOn < coveredOn) return reject('days_over', { today: coveredOn });
  if (quantity <= 0n) return reject('quantity_not_positive');
  if (series.minted + quantity >= quantityMax)
    return reject('quantity_too_large', { limit: formatMicro(quantityMax) });
  const grown = new Map(state.series).set(seriesId, {
    ...series,
    minted: add(series.minted, quantity),
  });
  const after = coverageProblem({ ...state, series: grown }, burned, metadata.now);
  const coverage = coverageOf(after);
  if (!coverage.covered) {
    const mintable = mintableNow(state, seriesId, { burned, now: metadata.now });
    return reject('coverage_exceeded', {
      ...shortfallDetails(coverage.shortfall),
      mintable: formatMicro(mintable),
    });
  }
  return accept({
    type: 'issuance.tokens-minted',
    data: {
      providerId: state.providerId,
      seriesId,
      mintId,
      quantity,
      outstandingAfter: add(outstandingOf(series, burned), quantity),
      coveredOn,
    },
  });
}

/** The mint on the provider's stream, and what the treasury receives of it. */
export function mintIntoTreasury(
  command: MintTokens,
  receipt: { readonly lotId: string; readonly treasury: AccountTerms },
  states: { readonly provider: Provider; readonly treasury: Account },
): Decision<Placed<ProviderEvent | AccountEvent>, ProviderRejection> {
  const minted = mintTokens(command, states.provider);
  if (minted.outcome === 'rejected') return { ...minted, events: [] };
  if (minted.events.length === 0) return accept();
  const { treasury } = receipt;
  const { mintId, quantity } = command.data;
  const received = receiveMint({ data: { ...receipt, mintId, quantity } }, states.treasury);
  return accept<Placed<ProviderEvent | AccountEvent>>(
    ...minted.events.map((event) => place(providerStream(treasury.partyId), event)),
    ...received.events.map((event) => place(accountStream(treasury.accountId), event)),
  );
}

interface Asked {
  readonly burned: BurnedBySeries;
  readonly now: string;
}

/** The largest mint of a series that would be accepted now. */
export function mintableNow(
  state: RegisteredProvider,
  seriesId: string,
  { burned, now }: Asked,
): MicroTokens {
  const series = state.series.get(seriesId);
  if (!series) return microTokens(0n);
  return withinLimit(series, mintableOf(coverageProblem(state, burned, now), seriesId));
}

/** The same of every series whose window is not over, one after another; see `mintables`. */
export function* allMintableNow(
  state: RegisteredProvider,
  { burned, now }: Asked,
): Generator<{ readonly seriesId: string; readonly quantity: MicroTokens }> {
  for (const { seriesId, quantity } of mintables(coverageProblem(state, burned, now))) {
    const series = state.series.get(seriesId);
    if (series) yield { seriesId, quantity: withinLimit(series, quantity) };
  }
}

function withinLimit({ minted }: Series, mintable: bigint): MicroTokens {
  const untilLimit = quantityMax - 1n - minted;
  return microTokens(mintable < untilLimit ? mintable : untilLimit);
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
