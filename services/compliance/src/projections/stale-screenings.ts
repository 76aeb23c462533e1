import type { EntityManager } from 'typeorm';
import type { PartyRow } from './tables.js';

export interface StaleParty {
  readonly partyId: string;
  readonly status: PartyRow['status'];
  readonly screenedListVersion: string;
}

/** Parties whose last screening was against another list than `listVersion`, by party id. */
export function staleParties(
  manager: EntityManager,
  listVersion: string,
  page: { readonly after: string | null; readonly limit: number },
): Promise<StaleParty[]> {
  return manager.query(
    `select party_id as "partyId", status, screened_list_version as "screenedListVersion" from parties
      where screened_list_version is not null and screened_list_version <> $1
        and ($2::uuid is null or party_id > $2)
      order by party_id limit $3`,
    [listVersion, page.after, page.limit],
  );
}
