import { accept } from '@specie/event-sourcing';
import { microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  acme,
  escrow,
  filled,
  lotId,
  metadata,
  quantity,
  seriesId,
  tooMuch,
  unopened,
} from '../../test/account-story.js';
import type { Account } from '../account/account.state.js';
import {
  settleWithdrawal,
  withdrawalAggregate,
  type SettleWithdrawal,
} from './withdrawal.decider.js';

const full = filled(escrow);
const withdrawalId = '00000000-0000-4000-8000-0000000000d1';
const command = (wanted = quantity): SettleWithdrawal => ({
  data: { withdrawalId, lotId, conflict: null, quantity: wanted, from: escrow, to: acme },
  metadata,
});
const unanswered = withdrawalAggregate.initialState();
const settle = (from: Account, wanted = quantity) =>
  settleWithdrawal(command(wanted), { withdrawal: unanswered, from, to: unopened });
const streamId = `withdrawal-${acme.partyId}-${withdrawalId}`;
const answer = { withdrawalId, seriesId, partyId: acme.partyId };

describe('Withdrawal', () => {
  it('moves tokens from the escrow to their owner and answers in one append', () => {
    const { events } = settle(full);
    expect(events.map(({ streamId, event }) => [streamId, event.type])).toEqual([
      [`account-${escrow.accountId}`, 'issuance.tokens-sent'],
      [`account-${acme.accountId}`, 'issuance.account-opened'],
      [`account-${acme.accountId}`, 'issuance.tokens-received'],
      [streamId, 'issuance.withdrawal-settled'],
    ]);
    expect(events.at(-1)?.event.data).toEqual({ ...answer, quantity });
  });

  it.each([
    ['account_unknown', unopened, quantity],
    ['insufficient_tokens', full, tooMuch],
    ['quantity_not_positive', full, microTokens(0n)],
  ] as const)('records the refusal %s', (reason, from, wanted) => {
    const data = { ...answer, quantity: wanted, reason };
    expect(settle(from, wanted)).toEqual(
      accept({ streamId, event: { type: 'issuance.withdrawal-refused', data } }),
    );
  });

  it.each(['movement_exists_differently', 'conflicts_with_stored_state'] as const)(
    'records what the tables hold against it: %s',
    (conflict) => {
      const { data } = command();
      const states = { withdrawal: unanswered, from: full, to: unopened };
      expect(settleWithdrawal({ data: { ...data, conflict }, metadata }, states)).toEqual(
        accept({
          streamId,
          event: {
            type: 'issuance.withdrawal-refused',
            data: { ...answer, quantity, reason: conflict },
          },
        }),
      );
    },
  );

  it('answers once', () => {
    const states = { from: full, to: unopened };
    expect(settleWithdrawal(command(), { withdrawal: { status: 'settled' }, ...states })).toEqual(
      accept(),
    );
    expect(settleWithdrawal(command(), { withdrawal: { status: 'refused' }, ...states })).toEqual(
      accept(),
    );
  });
});
