import { boolean, bytes, defineTable, instant, int32, text } from '@specie/postgres-event-store';

/** Every list that was accepted, with its files; one of them is in force. */
export const sanctionsListTable = defineTable({
  name: 'sanctions_lists',
  columns: {
    /** SHA-256 of the files. */
    version: text(),
    sdn: bytes(),
    alt: bytes(),
    addresses: bytes(),
    comments: bytes(),
    entryCount: int32(),
    aliasCount: int32(),
    addressCount: int32(),
    inForce: boolean(),
    acceptedAt: instant().defaultSql('now()'),
  },
  primaryKey: ['version'],
  checks: {
    sanctions_lists_version_check: "version ~ '^[0-9a-f]{64}$'",
    sanctions_lists_entry_count_check: 'entry_count > 0',
  },
  uniqueIndexes: { sanctions_lists_in_force: '(in_force) where in_force' },
});
