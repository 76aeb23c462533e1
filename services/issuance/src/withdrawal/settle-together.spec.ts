import { streamIds } from '@specie/contracts/streams';
import { microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import type { AccountTerms } from '../account/account.commands.js';
import type { Account } from '../account/account.state.js';
import { settleTogether, type SettlementStates } from './settle-together.js';
import type { SettleWithdrawal } from './withdrawal.decider.js';

const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'service:issuance' };
const seriesId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d01';
const terms = (n: number, kind: AccountTerms['kind']): AccountTerms => ({
  accountId: `5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d1${n}`,
  seriesId,
  partyId: `5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d2${n}`,
  kind,
});
const whole = (tokens: number) => microTokens(BigInt(tokens) * 1_000_000n);
const escrow = terms(0, 'escrow');
const withdrawalId = (n: number): string => `5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d3${n}`;
const request = (n: number, tokens: number, owner = 1): SettleWithdrawal => ({
  data: {
    withdrawalId: withdrawalId(n),
    lotId: `5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d${owner}${n}`,
    conflict: null,
    quantity: whole(tokens),
    from: escrow,
    to: terms(owner, 'party'),
  },
  metadata,
});
const statesOf = (tokens: number) => {
  const account: Account = {
    ...escrow,
    status: 'open',
    lots: [{ lotId: withdrawalId(9), quantity: whole(tokens), lockupEndsAt: null }],
    holds: new Map(),
  };
  const states: { -readonly [Name in keyof SettlementStates]: SettlementStates[Name] } = {};
  states[streamIds.account(escrow.accountId)] = account;
  return states;
};
const typesOf = (requests: readonly SettleWithdrawal[], tokens: number) =>
  settleTogether(requests, statesOf(tokens)).map((events) => events.map(({ event }) => event.type));
const settled = [
  'issuance.tokens-sent',
  'issuance.tokens-received',
  'issuance.withdrawal-settled',
] as const;

describe('Withdrawals that are settled together', () => {
  it('are each decided on what the one before left in escrow', () => {
    expect(
      typesOf([request(1, 6), request(2, 6), request(3, 4)], 10).map((types) => types.at(-1)),
    ).toEqual([
      'issuance.withdrawal-settled',
      'issuance.withdrawal-refused',
      'issuance.withdrawal-settled',
    ]);
  });

  it('open the account of a new owner once', () => {
    const [sent, ...rest] = settled;
    expect(typesOf([request(1, 1), request(2, 1)], 10)).toEqual([
      [sent, 'issuance.account-opened', ...rest],
      settled,
    ]);
  });

  it('are each answered once, also when one is named twice, and ids belong to their owners', () => {
    expect(
      typesOf([request(1, 3), request(1, 3), request(1, 3, 2)], 10).map(({ length }) => length),
    ).toEqual([4, 0, 4]);
  });
});
