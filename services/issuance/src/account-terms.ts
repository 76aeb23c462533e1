import { derivedId, marketEscrowPartyId } from '@specie/nest-platform';
import type { AccountTerms } from './domain/account/index.js';

/** The one account of a party in a series; everybody can derive its id (docs/architecture.md). */
export function accountTerms(
  series: { readonly seriesId: string; readonly providerId: string | null },
  partyId: string,
): AccountTerms {
  const { seriesId, providerId } = series;
  return {
    accountId: derivedId('account', seriesId, partyId),
    seriesId,
    partyId,
    kind: kindOf(partyId, providerId),
  };
}

function kindOf(partyId: string, providerId: string | null): AccountTerms['kind'] {
  if (partyId === marketEscrowPartyId) return 'escrow';
  return partyId === providerId ? 'treasury' : 'party';
}

export function escrowTerms(series: {
  readonly seriesId: string;
  readonly providerId: string | null;
}): AccountTerms {
  return accountTerms(series, marketEscrowPartyId);
}
