/**
 * A mint: tokens of a series, recorded on the stream of its provider and received by its treasury.
 *
 * P4 (S2): After every mint, every interval of days is covered.
 */
import { accept, place, reject, type Decision, type Placed } from '@specie/event-sourcing';
import { add, formatMicro, quantityMax } from '@specie/quantities';
import type { AccountTerms } from '../account/account.commands.js';
import { receiveMint } from '../account/account.decider.js';
import { accountStream, type Account, type AccountEvent } from '../account/account.state.js';
import { coverageOf } from '../coverage/coverage.js';
import { dayOf } from '../coverage/days.js';
import { coverageProblem, outstandingOf, shortfallDetails } from '../provider/coverage-problem.js';
import { mintableNow } from '../provider/mintable.js';
import type { ProviderDecision, ProviderRejection } from '../provider/provider.decider.js';
import { providerStream, type Provider, type ProviderEvent } from '../provider/provider.state.js';
import type { MintTokens } from './mint.commands.js';

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
