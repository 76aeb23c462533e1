import { accept, reject } from '@specie/event-sourcing';
import { microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  type AccountTerms,
  type DepositToEscrow,
  type TransferTokens,
} from './account.commands.js';
import {
  accountRejections,
  balancesOf,
  captureHold,
  depositToEscrow,
  drawForHold,
  moveTokens,
  receiveMint,
  releaseHold,
  transferTokens,
  type AccountDecision,
  type AccountRejection,
} from './account.decider.js';
import { accountAggregate, type Account, type AccountEvent } from './account.state.js';

const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'acme' };
const seriesId = '00000000-0000-4000-8000-000000000001';
const tokens = (whole: number) => microTokens(BigInt(whole) * 1_000_000n);
const party = (digit: string): AccountTerms => ({
  accountId: `00000000-0000-4000-8000-0000000000a${digit}`,
  seriesId,
  partyId: `00000000-0000-4000-8000-0000000000b${digit}`,
  kind: 'party',
});
const acme = party('1');
const bolt = party('2');
const escrow: AccountTerms = { ...party('e'), kind: 'escrow' };
const movementId = '00000000-0000-4000-8000-00000000c001';
const later = '2026-06-01T00:00:00.000Z';
const latest = '2026-09-01T00:00:00.000Z';

const openedFor = (terms: AccountTerms): AccountEvent => ({
  type: 'issuance.account-opened',
  data: terms,
});
function received(
  terms: AccountTerms,
  lot: { id: string; quantity: number; lockupEndsAt?: string },
): AccountEvent {
  const { id: lotId, lockupEndsAt = null } = lot;
  const quantity = tokens(lot.quantity);
  return {
    type: 'issuance.tokens-received',
    data: {
      accountId: terms.accountId,
      seriesId,
      partyId: terms.partyId,
      movementId: lotId,
      movement: 'grant',
      counterPartyId: bolt.partyId,
      quantity,
      lots: [{ lotId, quantity, lockupEndsAt }],
    },
  };
}
const lotId = (digit: number) => `00000000-0000-4000-8000-00000000d00${digit}`;
const given = (...events: readonly AccountEvent[]): Account =>
  events.reduce(accountAggregate.evolve, accountAggregate.initialState());
const unopened = given();
const withFree = given(openedFor(acme), received(acme, { id: lotId(1), quantity: 100 }));
const mixed = given(
  openedFor(acme),
  received(acme, { id: lotId(3), quantity: 30, lockupEndsAt: latest }),
  received(acme, { id: lotId(1), quantity: 100 }),
  received(acme, { id: lotId(2), quantity: 20, lockupEndsAt: later }),
);
const transfer = (change: Partial<TransferTokens['data']> = {}): TransferTokens => ({
  data: {
    movementId,
    lotId: lotId(7),
    earlier: null,
    quantity: tokens(40),
    from: acme,
    to: bolt,
    transferable: true,
    senderEligible: true,
    recipientEligible: true,
    ...change,
  },
  metadata,
});
const deposit = (change: Partial<DepositToEscrow['data']> = {}): DepositToEscrow => ({
  data: {
    movementId,
    lotId: lotId(7),
    earlier: null,
    quantity: tokens(40),
    from: acme,
    to: escrow,
    transferable: true,
    senderEligible: true,
    ...change,
  },
  metadata,
});
const transferFrom = (account: Account, change: Partial<TransferTokens['data']> = {}) =>
  transferTokens(transfer(change), { from: account, to: unopened });

describe('Account', () => {
  it('records both sides of a transfer, and opens the account of the recipient', () => {
    const quantity = tokens(40);
    expect(transferFrom(withFree)).toEqual(
      accept(
        {
          streamId: `account-${acme.accountId}`,
          event: {
            type: 'issuance.tokens-sent',
            data: {
              accountId: acme.accountId,
              seriesId,
              partyId: acme.partyId,
              movementId,
              movement: 'transfer',
              counterPartyId: bolt.partyId,
              quantity,
              draws: [{ lotId: lotId(1), quantity }],
            },
          },
        },
        { streamId: `account-${bolt.accountId}`, event: openedFor(bolt) },
        {
          streamId: `account-${bolt.accountId}`,
          event: {
            type: 'issuance.tokens-received',
            data: {
              accountId: bolt.accountId,
              seriesId,
              partyId: bolt.partyId,
              movementId,
              movement: 'transfer',
              counterPartyId: acme.partyId,
              quantity,
              lots: [{ lotId: lotId(7), quantity, lockupEndsAt: null }],
            },
          },
        },
      ),
    );
  });

  it('opens an account once', () => {
    const decision = transferTokens(transfer(), { from: withFree, to: given(openedFor(bolt)) });
    expect(typesOf(decision)).toEqual(['issuance.tokens-sent', 'issuance.tokens-received']);
  });

  it('moves tokens into escrow', () => {
    const decision = depositToEscrow(deposit(), { from: withFree, to: unopened });
    expect(typesOf(decision)).toEqual([
      'issuance.tokens-sent',
      'issuance.account-opened',
      'issuance.tokens-received',
    ]);
    expect(decision).toMatchObject({
      events: [{ event: { data: { movement: 'escrow' } } }, {}, {}],
    });
  });

  it('takes the same movement again for what it is (A7)', () => {
    const earlier = { counterPartyId: bolt.partyId, quantity: 40_000_000n };
    expect(transferFrom(unopened, { earlier })).toEqual(accept());
    const escrowed = { ...earlier, counterPartyId: escrow.partyId };
    expect(
      depositToEscrow(deposit({ earlier: escrowed }), { from: withFree, to: unopened }),
    ).toEqual(accept());
  });

  it.each([
    { counterPartyId: bolt.partyId, quantity: 40_000_001n },
    { counterPartyId: acme.partyId, quantity: 40_000_000n },
  ])('refuses the id of another movement (A7)', (earlier) => {
    expect(transferFrom(withFree, { earlier })).toMatchObject(
      reject('movement_exists_differently'),
    );
    expect(depositToEscrow(deposit({ earlier }), { from: withFree, to: unopened })).toMatchObject(
      reject('movement_exists_differently'),
    );
  });

  it('keeps one lot per terms, however many movements come in', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      received(escrow, {
        id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        quantity: 1,
      }),
    );
    const state = given(openedFor(escrow), ...many);
    expect(state).toMatchObject({ lots: [{ quantity: tokens(500) }] });
  });

  it('sends what was free first, and nothing that is locked', () => {
    const afterJune = {
      ...transfer({ quantity: tokens(110) }),
      metadata: { ...metadata, now: later },
    };
    const decision = transferTokens(afterJune, { from: mixed, to: unopened });
    expect(decision).toMatchObject({
      events: [
        {
          event: {
            data: {
              draws: [
                { lotId: lotId(1), quantity: tokens(100) },
                { lotId: lotId(2), quantity: tokens(10) },
              ],
            },
          },
        },
        {},
        {},
      ],
    });
    expect(transferFrom(mixed, { quantity: tokens(110) })).toMatchObject(reject('lockup_active'));
    expect(transferFrom(mixed, { quantity: tokens(151) })).toMatchObject(
      reject('insufficient_tokens'),
    );
  });

  it('passes a lock-up on with a grant', () => {
    const decision = moveTokens(
      {
        data: {
          movementId,
          lotId: lotId(7),
          movement: 'grant',
          quantity: tokens(5),
          from: acme,
          to: bolt,
          lockupEndsAt: later,
        },
        metadata,
      },
      { from: withFree, to: unopened },
    );
    expect(decision).toMatchObject({
      events: [{}, {}, { event: { data: { lots: [{ lockupEndsAt: later }] } } }],
    });
  });

  it('receives a mint in the treasury', () => {
    const treasury: AccountTerms = { ...acme, kind: 'treasury' };
    const first = receiveMint(
      { data: { mintId: movementId, lotId: lotId(7), quantity: tokens(7), treasury } },
      unopened,
    );
    expect(first.events.map((event) => event.type)).toEqual([
      'issuance.account-opened',
      'issuance.tokens-received',
    ]);
    const state = given(...first.events);
    expect(balancesOf(state, metadata.now)).toEqual({ available: tokens(7), held: 0n, locked: 0n });
    expect(
      receiveMint(
        { data: { mintId: lotId(9), lotId: lotId(8), quantity: tokens(7), treasury } },
        state,
      ).events,
    ).toHaveLength(1);
  });

  const refusals = {
    movement_exists_differently: () =>
      transferFrom(withFree, { earlier: { counterPartyId: bolt.partyId, quantity: 1n } }),
    account_unknown: () => transferFrom(unopened),
    same_account: () => transferFrom(withFree, { to: acme }),
    recipient_is_escrow: () => transferFrom(withFree, { to: escrow }),
    series_not_transferable: () => transferFrom(withFree, { transferable: false }),
    party_ineligible: () => transferFrom(withFree, { senderEligible: false }),
    recipient_ineligible: () => transferFrom(withFree, { recipientEligible: false }),
    quantity_not_positive: () => transferFrom(withFree, { quantity: tokens(0) }),
    insufficient_tokens: () => transferFrom(withFree, { quantity: tokens(101) }),
    lockup_active: () => transferFrom(mixed, { quantity: tokens(101) }),
  } satisfies Record<AccountRejection, () => AccountDecision>;

  it.each(accountRejections)('refuses a transfer with %s', (code) => {
    expect(refusals[code]()).toMatchObject(reject(code));
  });

  it('refuses an escrow deposit for the same reasons', () => {
    const depositFrom = (from: Account, change: Partial<DepositToEscrow['data']> = {}) =>
      depositToEscrow(deposit(change), { from, to: unopened });
    expect(depositFrom(unopened)).toMatchObject(reject('account_unknown'));
    expect(depositFrom(withFree, { transferable: false })).toMatchObject(
      reject('series_not_transferable'),
    );
    expect(depositFrom(withFree, { senderEligible: false })).toMatchObject(
      reject('party_ineligible'),
    );
    expect(depositFrom(mixed, { quantity: tokens(101) })).toMatchObject(reject('lockup_active'));
  });
});

describe('Account with a hold', () => {
  const holdId = '00000000-0000-4000-8000-00000000e001';
  const captureId = '00000000-0000-4000-8000-00000000e002';
  const held = (quantity: number, account: Account): AccountEvent => ({
    type: 'issuance.tokens-held',
    data: {
      accountId: acme.accountId,
      seriesId,
      partyId: acme.partyId,
      holdId,
      quantity: tokens(quantity),
      draws: [...(drawForHold(account, tokens(quantity)) ?? [])],
      expiresAt: later,
    },
  });
  const withHold = accountAggregate.evolve(mixed, held(60, mixed));
  const capture = (quantity: number) => ({
    data: { holdId, captureId, quantity: tokens(quantity) },
  });
  const after = (state: Account, ...events: readonly AccountEvent[]) =>
    events.reduce(accountAggregate.evolve, state);

  it('sets aside what is locked longest, so that the holder keeps what can be sold', () => {
    expect(drawForHold(mixed, tokens(60))).toEqual([
      { lotId: lotId(3), quantity: tokens(30) },
      { lotId: lotId(2), quantity: tokens(20) },
      { lotId: lotId(1), quantity: tokens(10) },
    ]);
    expect(balancesOf(withHold, metadata.now)).toEqual({
      available: tokens(90),
      held: tokens(60),
      locked: 0n,
    });
    expect(drawForHold(mixed, tokens(151))).toBeNull();
  });

  it('burns in the order of the draws and gives back the rest under its terms', () => {
    const captured = after(withHold, ...captureHold(capture(35), withHold).events);
    expect(balancesOf(captured, metadata.now)).toEqual({
      available: tokens(90),
      held: tokens(25),
      locked: 0n,
    });
    const { events } = releaseHold({ data: { holdId } }, captured);
    expect(events).toEqual([
      {
        type: 'issuance.hold-released',
        data: {
          accountId: acme.accountId,
          seriesId,
          partyId: acme.partyId,
          holdId,
          quantity: tokens(25),
        },
      },
    ]);
    expect(balancesOf(after(captured, ...events), metadata.now)).toEqual({
      available: tokens(115),
      held: 0n,
      locked: tokens(15),
    });
  });

  it('closes a hold that was used up', () => {
    const used = after(withHold, ...captureHold(capture(60), withHold).events);
    const { events } = releaseHold({ data: { holdId } }, used);
    expect(events).toMatchObject([{ data: { quantity: 0n } }]);
    expect(after(used, ...events)).toMatchObject({ holds: new Map() });
  });

  it('stays quiet when there is nothing to capture or release', () => {
    expect(captureHold(capture(0), withHold)).toEqual(accept());
    expect(releaseHold({ data: { holdId } }, mixed)).toEqual(accept());
    expect(releaseHold({ data: { holdId } }, unopened)).toEqual(accept());
  });

  it('takes a capture beyond the hold for corrupt history', () => {
    expect(() => captureHold(capture(61), withHold)).toThrow(/impossible history/);
    expect(() => captureHold(capture(1), mixed)).toThrow(/impossible history/);
  });

  it('takes history that cannot be for corrupt', () => {
    expect(() => given(openedFor(acme), openedFor(acme))).toThrow(/impossible history/);
    expect(() => given(received(acme, { id: lotId(1), quantity: 1 }))).toThrow(
      /impossible history/,
    );
    expect(() => after(unopened, openedFor(acme), held(60, mixed))).toThrow(/impossible history/);
  });
});

function typesOf(decision: AccountDecision): readonly string[] {
  return decision.outcome === 'accepted'
    ? decision.events.map(({ event }) => event.type)
    : decision.violations.map(({ code }) => code);
}
