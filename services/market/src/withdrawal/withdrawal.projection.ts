import type {
  TokensDeposited,
  WithdrawalCompleted,
  WithdrawalRequested,
  WithdrawalReverted,
} from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { tokenDepositTable, withdrawalTable, type WithdrawalRow } from './withdrawal.table.js';

interface Changes {
  readonly deposited: (TokensDeposited['data'] & { readonly depositedAt: string })[];
  readonly requested: (WithdrawalRequested['data'] & { readonly requestedAt: string })[];
  readonly ended: (Pick<WithdrawalRow, 'withdrawalId' | 'partyId' | 'status' | 'reason'> & {
    readonly endedAt: string;
  })[];
}

/** Tokens in and out; balances are followed by the exchange's projection. */
export const withdrawalProjection = defineProjection<
  TokensDeposited | WithdrawalRequested | WithdrawalCompleted | WithdrawalReverted,
  Changes
>({
  name: 'withdrawals',
  changes: () => ({ deposited: [], requested: [], ended: [] }),
  events: {
    'market.tokens-deposited': ({ deposited }, { data, occurredAt }) => {
      deposited.push({ ...data, depositedAt: occurredAt });
    },
    'market.withdrawal-requested': ({ requested }, { data, occurredAt }) => {
      requested.push({ ...data, requestedAt: occurredAt });
    },
    'market.withdrawal-completed': ({ ended }, { data, occurredAt }) => {
      const { withdrawalId, partyId } = data;
      const status = 'completed';
      ended.push({ withdrawalId, partyId, status, reason: null, endedAt: occurredAt });
    },
    'market.withdrawal-reverted': ({ ended }, { data, occurredAt }) => {
      const { withdrawalId, partyId, reason } = data;
      ended.push({ withdrawalId, partyId, status: 'reverted', reason, endedAt: occurredAt });
    },
  },
  write: async (manager, { deposited, requested, ended }) => {
    await tokenDepositTable.insert(manager, deposited);
    await withdrawalTable.insert(
      manager,
      requested.map((data) => ({ ...data, status: 'requested' })),
    );
    await withdrawalTable.set(manager, ended);
  },
});
