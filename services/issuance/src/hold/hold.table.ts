import { defineTable, instant, micro, oneOf, uuid, type RowOf } from '@specie/postgres-event-store';
import { accountTable } from '../account/account.table.js';

export const holdTable = defineTable({
  name: 'token_holds',
  columns: {
    holdId: uuid(),
    accountId: uuid(),
    quantity: micro(),
    captured: micro(),
    released: micro(),
    status: oneOf('open', 'closed'),
    expiresAt: instant(),
  },
  primaryKey: { name: 'token_holds_once', columns: ['holdId'] },
  references: { accountId: accountTable },
  checks: {
    token_holds_captured_check: 'captured >= 0',
    token_holds_released_check: 'released >= 0',
    token_holds_within_quantity: 'captured + released <= quantity',
    token_holds_closed_is_used_up: "status = 'open' or captured + released = quantity",
  },
  indexes: { token_holds_account_id_hold_id_idx: '(account_id, hold_id)' },
});
export type HoldRow = RowOf<typeof holdTable>;
