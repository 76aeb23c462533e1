import {
  defineTable,
  instant,
  micro,
  oneOf,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';

export const cashTable = defineTable({
  name: 'cash_balances',
  columns: { partyId: uuid(), available: micro(), reserved: micro() },
  primaryKey: ['partyId'],
  checks: {
    cash_balances_available_check: 'available >= 0',
    cash_balances_reserved_check: 'reserved >= 0',
  },
});
export type CashRow = RowOf<typeof cashTable>;

/** What the venue has earned. */
export const feeTable = defineTable({
  name: 'fees',
  columns: { currency: text<'USD'>(), earned: micro() },
  primaryKey: ['currency'],
  checks: { fees_earned_check: 'earned >= 0' },
});

/** Operators choose the id of a deposit, a party that of a withdrawal. */
export const cashMovementTable = defineTable({
  name: 'cash_movements',
  columns: {
    movementId: uuid(),
    partyId: uuid(),
    kind: oneOf('deposit', 'withdrawal'),
    currency: text<'USD'>(),
    amount: micro(),
    movedAt: instant(),
  },
  primaryKey: ['movementId', 'kind', 'partyId'],
  checks: { cash_movements_amount_check: 'amount > 0' },
  uniqueIndexes: { cash_deposits_once: "(movement_id) where kind = 'deposit'" },
});
