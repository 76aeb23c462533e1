import { defineTable, instant, micro, oneOf, text, uuid } from '@specie/postgres-event-store';

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
