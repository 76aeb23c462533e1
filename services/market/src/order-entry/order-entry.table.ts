import { defineTable, uuid } from '@specie/postgres-event-store';

/** Parties whose open orders are cancelled when their connection ends. */
export const disconnectCancelTable = defineTable({
  name: 'disconnect_cancels',
  columns: { partyId: uuid() },
  primaryKey: ['partyId'],
});
