import { derivedId } from '@specie/contracts/ids';

/** The id of the one account of a party in a series; everybody can derive it (docs/architecture.md). */
export function accountIdOf(seriesId: string, partyId: string): string {
  return derivedId('account', seriesId, partyId);
}
