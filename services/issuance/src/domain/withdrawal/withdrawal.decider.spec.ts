import { accept } from '@specie/event-sourcing';
import { microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  accountAggregate,
  receiveMint,
  type Account,
  type AccountTerms,
} from '../account/index.js';
import { settleWithdrawal, withdrawalAggregate, type SettleWithdrawal } from './index.js';

const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'service:issuance' };
const seriesId = '00000000-0000-4000-8000-000000000001';
const escrow: AccountTerms = {
  accountId: '00000000-0000-4000-8000-0000000000a1',
  seriesId,
  partyId: '00000000-0000-4000-8000-0000000000b1',
  kind: 'escrow',
};
const acme: AccountTerms = {
  accountId: '00000000-0000-4000-8000-0000000000a2',
  seriesId,
  partyId: '00000000-0000-4000-8000-0000000000b2',
  kind: 'party',
};
const quantity = microTokens(5_000_000n);
const unopened = accountAggregate.initialState();
const mintId = '00000000-0000-4000-8000-0000000000c1';
const full = receiveMint({ data: { mintId, quantity, treasury: escrow } }, unopened).events.reduce(
  accountAggregate.evolve,
  unopened,
);
const withdrawalId = '00000000-0000-4000-8000-0000000000d1';
const command = (wanted = quantity): SettleWithdrawal => ({
  data: { withdrawalId, quantity: wanted, from: escrow, to: acme },
  metadata,
});
const unanswered = withdrawalAggregate.initialState();
const settle = (from: Account, wanted = quantity) =>
  settleWithdrawal(command(wanted), { withdrawal: unanswered, from, to: unopened });
const answer = { withdrawalId, seriesId, partyId: acme.partyId };

describe('Withdrawal', () => {
  it('moves tokens from the escrow to their owner and answers in one append', () => {
    const { events } = settle(full);
    expect(events.map(({ stream, event }) => `${stream} ${event.type}`)).toEqual([
      'from issuance.tokens-sent',
      'to issuance.account-opened',
      'to issuance.tokens-received',
      'withdrawal issuance.withdrawal-settled',
    ]);
    expect(events.at(-1)?.event.data).toEqual({ ...answer, quantity });
  });

  it.each([
    ['account_unknown', unopened, quantity],
    ['insufficient_tokens', full, microTokens(5_000_001n)],
    ['quantity_not_positive', full, microTokens(0n)],
  ] as const)('records the refusal %s', (reason, from, wanted) => {
    const data = { ...answer, quantity: wanted, reason };
    expect(settle(from, wanted)).toEqual(
      accept({ stream: 'withdrawal', event: { type: 'issuance.withdrawal-refused', data } }),
    );
  });

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
