import type { CashDeposited, CashWithdrawn } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { cashMovementTable } from './cash.table.js';

interface Movement {
  readonly movementId: string;
  readonly kind: 'deposit' | 'withdrawal';
  readonly partyId: string;
  readonly currency: 'USD';
  readonly amount: bigint;
  readonly movedAt: string;
}

/** Cash in and out; balances are followed by the exchange's projection. */
export const cashMovementProjection = defineProjection<CashDeposited | CashWithdrawn, Movement[]>({
  name: 'cash_movements',
  changes: () => [],
  events: {
    'market.cash-deposited': (movements, { data: { depositId, ...data }, occurredAt }) => {
      movements.push({ ...data, movementId: depositId, kind: 'deposit', movedAt: occurredAt });
    },
    'market.cash-withdrawn': (movements, { data: { withdrawalId, ...data }, occurredAt }) => {
      movements.push({
        ...data,
        movementId: withdrawalId,
        kind: 'withdrawal',
        movedAt: occurredAt,
      });
    },
  },
  write: (manager, movements) => cashMovementTable.insert(manager, movements),
});
