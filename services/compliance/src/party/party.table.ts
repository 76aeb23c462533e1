import {
  boolean,
  defineTable,
  int32,
  oneOf,
  text,
  texts,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import type { PartyKind } from './party.commands.js';
import type { EligibleAction } from './party.state.js';

export const partyTable = defineTable({
  name: 'parties',
  columns: {
    partyId: uuid(),
    kind: text<PartyKind>(),
    country: text(),
    nameHash: text(),
    registeredBy: uuid(),
    status: oneOf('registered', 'approved', 'frozen'),
    actions: texts<EligibleAction>(),
    accredited: boolean(),
    /** As published; null before the first approval. */
    validUntil: text().nullable(),
    /** Of the last screening; null before the first. */
    screenedListVersion: text().nullable(),
    streamVersion: int32(),
  },
  primaryKey: ['partyId'],
  indexes: {
    parties_status: '(status, party_id)',
    parties_screened: '(party_id, screened_list_version) where screened_list_version is not null',
  },
});
export type PartyRow = RowOf<typeof partyTable>;
