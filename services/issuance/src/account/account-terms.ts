import { marketEscrowPartyId } from '@specie/contracts/market-escrow';
import { derivedId } from '@specie/contracts/ids';
import { accountIdOf } from '../series/account-id.js';
import type { AccountTerms, MovementKind } from './account.commands.js';

/** The one account of a party in a series. */
export function accountTerms(
  series: { readonly seriesId: string; readonly providerId: string | null },
  partyId: string,
): AccountTerms {
  const { seriesId, providerId } = series;
  return {
    accountId: accountIdOf(seriesId, partyId),
    seriesId,
    partyId,
    kind: kindOf(partyId, providerId),
  };
}

function kindOf(partyId: string, providerId: string | null): AccountTerms['kind'] {
  if (partyId === marketEscrowPartyId) return 'escrow';
  return partyId === providerId ? 'treasury' : 'party';
}

/**
 * The lot that a movement makes in the account that receives it. Drawn from the kind of the movement and the account
 * of the party that chose its id, so no id that a client chooses can be that of another lot.
 */
export function lotIdOf(
  movement: MovementKind,
  owner: Pick<AccountTerms, 'accountId'>,
  movementId: string,
): string {
  return derivedId('lot', movement, owner.accountId, movementId);
}

export function escrowTerms(series: {
  readonly seriesId: string;
  readonly providerId: string | null;
}): AccountTerms {
  return accountTerms(series, marketEscrowPartyId);
}
