import {
  defineTable,
  instant,
  micro,
  oneOf,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';

/** Tokens that arrived in the market's escrow for a party. */
export const tokenDepositTable = defineTable({
  name: 'token_deposits',
  columns: {
    escrowId: uuid(),
    partyId: uuid(),
    seriesId: uuid(),
    quantity: micro(),
    depositedAt: instant(),
  },
  primaryKey: ['escrowId', 'partyId', 'seriesId'],
});

export const withdrawalTable = defineTable({
  name: 'withdrawals',
  columns: {
    withdrawalId: uuid(),
    partyId: uuid(),
    seriesId: uuid(),
    quantity: micro(),
    status: oneOf('requested', 'completed', 'reverted'),
    /** Why the issuer refused. */
    reason: text().nullable(),
    requestedAt: instant(),
    endedAt: instant().nullable(),
  },
  primaryKey: ['withdrawalId', 'partyId'],
  checks: { withdrawals_quantity_check: 'quantity > 0' },
  indexes: { withdrawals_waiting: "(requested_at) where status = 'requested'" },
});
export type WithdrawalRow = RowOf<typeof withdrawalTable>;
