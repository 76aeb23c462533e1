import { microMoney, microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import type { ShardCommand } from './shard.commands.js';
import {
  depositCashRejections,
  openBookRejections,
  requestWithdrawalRejections,
  withdrawCashRejections,
  type DepositCashRejection,
  type OpenBookRejection,
  type RequestWithdrawalRejection,
  type WithdrawCashRejection,
} from './shard-rejections.js';
import {
  ada,
  bob,
  buy,
  cash,
  eve,
  openBook,
  otherId,
  refuses,
  sell,
  series,
  Story,
  tokens,
  venue,
  type Case,
} from '../../test/shard-story.js';

describe('Opening a book', () => {
  it('records its terms', () => {
    const { kind: _kind, ...terms } = openBook;
    expect(new Story([]).when(openBook)).toEqual({
      outcome: 'accepted',
      events: [{ type: 'market.book-opened', data: terms }],
    });
  });
  it('stays quiet when the same book is open', () => {
    expect(new Story([openBook]).when(openBook)).toEqual({ outcome: 'accepted', events: [] });
  });
  const { kind: _kind, seriesId: _seriesId, ...terms } = openBook;
  const cases = {
    book_opened_differently: {
      when: { ...openBook, takerFeePpm: 3_000 },
      details: {
        ...terms,
        reduceKeepsPriority: 'true',
        selfTradeAllowed: 'false',
        referenceFollowsTrades: 'true',
      },
    },
    book_capacity_reached: {
      given: [openBook, { ...openBook, seriesId: otherId(1) }],
      when: { ...openBook, seriesId: otherId(2) },
    },
    book_terms_invalid: { given: [], when: { ...openBook, minimumLots: 10, maximumLots: 9 } },
  } satisfies Record<OpenBookRejection, Case>;
  refuses(openBookRejections, cases);
});

describe('Cash', () => {
  const withdraw = (amount: bigint): ShardCommand => ({
    kind: 'withdraw-cash',
    withdrawalId: otherId(9),
    partyId: ada,
    currency: 'USD',
    amount: microMoney(amount),
  });
  it('is there after a deposit and gone after a withdrawal', () => {
    const story = new Story(venue);
    story.when(withdraw(40_000_000n));
    expect(story.venue.cashOf(ada)).toEqual({ available: 60_000_000n, reserved: 0n });
  });
  describe('deposited', () => {
    const cases = {
      movement_exists_differently: { when: cash(1, ada, 1n) },
      amount_not_positive: { when: cash(9, ada, 0n) },
      cash_total_too_large: {
        when: cash(9, ada, BigInt(Number.MAX_SAFE_INTEGER)),
        details: { left: '9007199054.740991' },
      },
    } satisfies Record<DepositCashRejection, Case>;
    refuses(depositCashRejections, cases);
  });
  describe('withdrawn', () => {
    const cases = {
      movement_exists_differently: { given: [...venue, withdraw(1n)], when: withdraw(2n) },
      amount_not_positive: { when: withdraw(0n) },
      party_ineligible: { ineligible: [ada], when: withdraw(1n) },
      insufficient_cash: {
        given: [...venue, buy(1)],
        when: withdraw(98_000_001n),
        details: { needed: '98.000001', available: '97.995000' },
      },
    } satisfies Record<WithdrawCashRejection, Case>;
    refuses(withdrawCashRejections, cases);
    it('refuses more than all trading accounts together can hold', () => {
      expect(new Story(venue).when(withdraw(10n ** 18n))).toMatchObject({
        violations: [{ code: 'insufficient_cash', details: { available: '100.000000' } }],
      });
    });
  });
});

describe('Tokens', () => {
  const withdraw = (quantity: bigint): ShardCommand => ({
    kind: 'request-withdrawal',
    withdrawalId: otherId(9),
    partyId: bob,
    seriesId: series,
    quantity: microTokens(quantity),
  });
  it('are credited once per escrow movement', () => {
    const story = new Story(venue);
    expect(story.when(tokens(2, bob, 50_000_000n))).toEqual({ outcome: 'accepted', events: [] });
    expect(story.venue.tokensOf(series, bob)).toEqual({ available: 50_000_000n, reserved: 0n });
  });
  it('leave the account when their withdrawal is requested and are gone when it is settled', () => {
    const story = new Story([...venue, withdraw(20_000_000n)]);
    expect(story.venue.tokensOf(series, bob).available).toBe(30_000_000n);
    story.when({ kind: 'complete-withdrawal', partyId: bob, withdrawalId: otherId(9) });
    expect(story.venue.tokensOf(series, bob).available).toBe(30_000_000n);
    expect(story.venue.allPending().length).toBe(0);
  });
  it('come back when the escrow refuses, once', () => {
    const revert = {
      kind: 'revert-withdrawal',
      partyId: bob,
      withdrawalId: otherId(9),
      reason: 'party_ineligible',
    } as const;
    const story = new Story([...venue, withdraw(20_000_000n), revert]);
    expect(story.venue.tokensOf(series, bob).available).toBe(50_000_000n);
    expect(story.when(revert)).toEqual({ outcome: 'accepted', events: [] });
  });
  const cases = {
    movement_exists_differently: { given: [...venue, withdraw(1n)], when: withdraw(2n) },
    amount_not_positive: { when: withdraw(0n) },
    party_ineligible: { ineligible: [bob], when: withdraw(1n) },
    insufficient_tokens: {
      given: [...venue, sell(1)],
      when: withdraw(49_000_001n),
      details: { needed: '49.000001', available: '49.000000' },
    },
  } satisfies Record<RequestWithdrawalRejection, Case>;
  refuses(requestWithdrawalRejections, cases);
});

describe('An id that a party chose (X8)', () => {
  const named: readonly ShardCommand[] = [
    cash(7, ada, 5_000_000n),
    {
      kind: 'withdraw-cash',
      withdrawalId: otherId(7),
      partyId: ada,
      currency: 'USD',
      amount: microMoney(4n),
    },
    {
      kind: 'request-withdrawal',
      withdrawalId: otherId(7),
      partyId: bob,
      seriesId: series,
      quantity: microTokens(3n),
    },
    tokens(7, bob, 2n),
    tokens(7, eve, 2n),
    buy(1, { orderId: otherId(7) }),
    sell(1, { orderId: otherId(7), priceTicks: 30_000 }),
  ];
  it('names one thing of each kind, and of each party', () => {
    const story = new Story(venue);
    for (const command of named) {
      expect(story.when(command)).toMatchObject({ outcome: 'accepted', events: [{}] });
    }
  });
  it.each(named)('changes nothing when $kind is repeated as it was', (command) => {
    const story = new Story([...venue, ...named]);
    expect(story.when(command)).toEqual({ outcome: 'accepted', events: [] });
  });
  it('ends the withdrawal of the party that is named, and no other', () => {
    const ofEve = {
      kind: 'request-withdrawal',
      withdrawalId: otherId(7),
      partyId: eve,
      seriesId: series,
      quantity: microTokens(3n),
    } as const;
    const story = new Story([...venue, ...named, ofEve]);
    story.when({ kind: 'complete-withdrawal', partyId: eve, withdrawalId: otherId(7) });
    expect(story.venue.allPending()).toMatchObject([{ partyId: bob }]);
  });
});
