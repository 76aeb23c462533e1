import { boolean, defineTable, int32, uuid, type RowOf } from '@specie/postgres-event-store';

/** Parties whose orders somebody stopped or limited, now or before. */
export const controlTable = defineTable({
  name: 'controls',
  columns: {
    partyId: uuid(),
    /** Whether the party itself holds its kill switch. */
    byParty: boolean(),
    byOperator: boolean(),
    /** 0 is no limit. */
    openOrdersMax: int32(),
  },
  primaryKey: ['partyId'],
});
export type ControlRow = RowOf<typeof controlTable>;
