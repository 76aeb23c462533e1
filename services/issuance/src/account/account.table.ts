import {
  defineTable,
  instant,
  int32,
  int64,
  micro,
  oneOf,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import { seriesTable } from '../series/series.table.js';

export const accountTable = defineTable({
  name: 'token_accounts',
  columns: {
    accountId: uuid(),
    seriesId: uuid(),
    partyId: uuid(),
    kind: oneOf('party', 'treasury', 'escrow'),
    available: micro(),
    held: micro(),
    streamVersion: int32(),
  },
  primaryKey: ['accountId'],
  unique: { token_accounts_party_id_series_id_key: ['partyId', 'seriesId'] },
  references: { seriesId: seriesTable },
  checks: {
    token_accounts_available_not_negative: 'available >= 0',
    token_accounts_held_not_negative: 'held >= 0',
  },
  indexes: { token_accounts_series_id_account_id_idx: '(series_id, account_id)' },
});
export type AccountRow = RowOf<typeof accountTable>;

export type MovementName = 'mint' | 'grant' | 'transfer' | 'escrow' | 'withdrawal' | 'redemption';

/** One side of a movement. */
export const movementTable = defineTable({
  name: 'token_movements',
  columns: {
    accountId: uuid(),
    movementId: uuid(),
    position: int64(),
    movement: text<MovementName>(),
    direction: oneOf('received', 'sent', 'burned'),
    counterPartyId: uuid(),
    quantity: micro(),
    occurredAt: instant(),
    /** Whose id it is: the withdrawer's of a withdrawal, else the sender's. */
    ownerPartyId: uuid(),
  },
  primaryKey: {
    name: 'token_movements_once',
    columns: ['accountId', 'movementId', 'movement', 'direction', 'ownerPartyId'],
  },
  references: { accountId: accountTable },
  checks: { token_movements_quantity_check: 'quantity > 0' },
  indexes: { token_movements_account_id_position_idx: '(account_id, position)' },
});
export type MovementRow = RowOf<typeof movementTable>;
