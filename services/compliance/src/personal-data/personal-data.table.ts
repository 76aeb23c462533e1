import { defineTable, text, texts, uuid, type RowOf } from '@specie/postgres-event-store';

/**
 * Who a party is. Rows here are the only place where a name stands; they commit with the events that carry only keyed
 * hashes, so neither is ever there without the other.
 */
export const personalDataTable = defineTable({
  name: 'personal_data',
  columns: {
    partyId: uuid(),
    nameHash: text(),
    name: text(),
    aliases: texts(),
    dateOfBirth: text().nullable(),
    address: text().nullable(),
  },
  primaryKey: ['partyId', 'nameHash'],
});
export type PersonalDataRow = RowOf<typeof personalDataTable>;
export type PersonalData = Omit<PersonalDataRow, 'partyId' | 'nameHash'>;
