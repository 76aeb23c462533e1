import { microMoney, microTokens } from '@specie/quantities';
import { describe, expect, it } from 'vitest';
import {
  cancelOrderRejections,
  cashOf,
  decide,
  depositCashRejections,
  evolve,
  newExchange,
  openBookRejections,
  placeOrderRejections,
  requestWithdrawalRejections,
  tokensOf,
  withdrawCashRejections,
  type CancelOrderRejection,
  type DepositCashRejection,
  type Exchange,
  type ExchangeCommand,
  type ExchangeDecision,
  type ExchangeRejection,
  type OpenBook,
  type OpenBookRejection,
  type PlaceOrder,
  type PlaceOrderRejection,
  type RequestWithdrawalRejection,
  type WithdrawCashRejection,
} from './index.js';

const series = '5e51e500-0000-4000-8000-000000000001';
const ada = 'ada00000-0000-4000-8000-000000000001';
const bob = 'b0b00000-0000-4000-8000-000000000002';
const eve = 'e0e00000-0000-4000-8000-000000000003';
const numbered = (prefix: string) => (n: number) =>
  `${prefix}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const orderId = numbered('0de00000');
const otherId = numbered('07e00000');
const tradeIdOf = numbered('77ade000');

const openBook: OpenBook = {
  kind: 'open-book',
  seriesId: series,
  currency: 'USD',
  makerFeeBps: 10,
  takerFeeBps: 25,
  minimumLots: 1,
  maximumLots: 1_000_000,
};
const buy = (n: number, fields: Partial<PlaceOrder> = {}): PlaceOrder => ({
  kind: 'place-order',
  orderId: orderId(n),
  seriesId: series,
  partyId: ada,
  side: 'buy',
  orderKind: 'limit',
  timeInForce: 'GTC',
  priceTicks: 20_000,
  quantityLots: 100,
  ...fields,
});
const sell = (n: number, fields: Partial<PlaceOrder> = {}): PlaceOrder =>
  buy(n, { side: 'sell', partyId: bob, ...fields });
const cash = (n: number, partyId: string, amount: bigint): ExchangeCommand => ({
  kind: 'deposit-cash',
  depositId: otherId(n),
  partyId,
  currency: 'USD',
  amount: microMoney(amount),
});
const tokens = (n: number, partyId: string, quantity: bigint): ExchangeCommand => ({
  kind: 'credit-tokens',
  escrowId: otherId(n),
  partyId,
  seriesId: series,
  quantity: microTokens(quantity),
});

/** A venue with one book; Ada has 100 dollars, Bob 50 tokens, Eve both. */
const venue: readonly ExchangeCommand[] = [
  openBook,
  cash(1, ada, 100_000_000n),
  tokens(2, bob, 50_000_000n),
  cash(3, eve, 100_000_000n),
  tokens(4, eve, 50_000_000n),
];

class Story {
  readonly exchange: Exchange = newExchange();
  private readonly known = new Set<string>();
  private readonly ineligible: ReadonlySet<string>;

  constructor(given: readonly ExchangeCommand[], ineligible: readonly string[] = []) {
    this.ineligible = new Set();
    given.forEach((command) => this.when(command));
    this.ineligible = new Set(ineligible);
  }

  when(command: ExchangeCommand): ExchangeDecision {
    const decision = decide(command, this.exchange, {
      isEligible: (partyId) => !this.ineligible.has(partyId),
      isKnownId: (id) => this.known.has(id),
      tradeIdOf,
    });
    decision.events.forEach((event) => evolve(this.exchange, event));
    const id =
      'orderId' in command
        ? command.orderId
        : 'depositId' in command
          ? command.depositId
          : undefined;
    const ids = [
      id,
      'escrowId' in command ? command.escrowId : undefined,
      'withdrawalId' in command ? command.withdrawalId : undefined,
    ];
    if (decision.events.length > 0) {
      ids.filter((known) => known !== undefined).forEach((known) => this.known.add(known));
    }
    return decision;
  }
}

interface Case {
  readonly given?: readonly ExchangeCommand[];
  readonly ineligible?: readonly string[];
  readonly when: ExchangeCommand;
}

function refuses<R extends ExchangeRejection>(
  codes: readonly R[],
  cases: Readonly<Record<R, Case>>,
  recorded: readonly R[] = [],
): void {
  it.each(codes)('refuses with %s and changes nothing', (code) => {
    const { given = venue, ineligible = [], when } = cases[code];
    const story = new Story(given, ineligible);
    const before = structuredClone(story.exchange);
    const decision = story.when(when);
    expect(decision).toMatchObject({ outcome: 'rejected', code });
    expect(decision.events.map(({ type }) => type)).toEqual(
      recorded.includes(code) ? ['market.order-refused'] : [],
    );
    expect(story.exchange).toEqual(before);
  });
}

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
  const cases = {
    book_opened_differently: { when: { ...openBook, takerFeeBps: 30 } },
    lot_limits_invalid: { given: [], when: { ...openBook, minimumLots: 10, maximumLots: 9 } },
  } satisfies Record<OpenBookRejection, Case>;
  refuses(openBookRejections, cases);
});

describe('Cash', () => {
  const withdraw = (amount: bigint, n = 9): ExchangeCommand => ({
    kind: 'withdraw-cash',
    withdrawalId: otherId(n),
    partyId: ada,
    currency: 'USD',
    amount: microMoney(amount),
  });
  it('is there after a deposit and gone after a withdrawal', () => {
    const story = new Story(venue);
    story.when(withdraw(40_000_000n));
    expect(cashOf(story.exchange, ada)).toEqual({ available: 60_000_000n, reserved: 0n });
  });
  describe('deposited', () => {
    const cases = {
      movement_exists: { when: cash(1, ada, 1n) },
      amount_not_positive: { when: cash(9, ada, 0n) },
      cash_total_too_large: { when: cash(9, ada, BigInt(Number.MAX_SAFE_INTEGER)) },
    } satisfies Record<DepositCashRejection, Case>;
    refuses(depositCashRejections, cases);
  });
  describe('withdrawn', () => {
    const cases = {
      movement_exists: { when: withdraw(1n, 1) },
      amount_not_positive: { when: withdraw(0n) },
      party_ineligible: { ineligible: [ada], when: withdraw(1n) },
      insufficient_cash: { given: [...venue, buy(1)], when: withdraw(98_000_001n) },
    } satisfies Record<WithdrawCashRejection, Case>;
    refuses(withdrawCashRejections, cases);
  });
});

describe('Tokens', () => {
  const withdraw = (quantity: bigint, n = 9): ExchangeCommand => ({
    kind: 'request-withdrawal',
    withdrawalId: otherId(n),
    partyId: bob,
    seriesId: series,
    quantity: microTokens(quantity),
  });
  it('are credited once per escrow movement', () => {
    const story = new Story(venue);
    expect(story.when(tokens(2, bob, 50_000_000n))).toEqual({ outcome: 'accepted', events: [] });
    expect(tokensOf(story.exchange, series, bob)).toEqual({ available: 50_000_000n, reserved: 0n });
  });
  it('leave the account when their withdrawal is requested and are gone when it is settled', () => {
    const story = new Story([...venue, withdraw(20_000_000n)]);
    expect(tokensOf(story.exchange, series, bob).available).toBe(30_000_000n);
    story.when({ kind: 'complete-withdrawal', withdrawalId: otherId(9) });
    expect(tokensOf(story.exchange, series, bob).available).toBe(30_000_000n);
    expect(story.exchange.pendingWithdrawals.size).toBe(0);
  });
  it('come back when the escrow refuses, once', () => {
    const revert = {
      kind: 'revert-withdrawal',
      withdrawalId: otherId(9),
      reason: 'party_ineligible',
    } as const;
    const story = new Story([...venue, withdraw(20_000_000n), revert]);
    expect(tokensOf(story.exchange, series, bob).available).toBe(50_000_000n);
    expect(story.when(revert)).toEqual({ outcome: 'accepted', events: [] });
  });
  const cases = {
    movement_exists: { when: withdraw(1n, 2) },
    amount_not_positive: { when: withdraw(0n) },
    party_ineligible: { ineligible: [bob], when: withdraw(1n) },
    insufficient_tokens: { given: [...venue, sell(1)], when: withdraw(49_000_001n) },
  } satisfies Record<RequestWithdrawalRejection, Case>;
  refuses(requestWithdrawalRejections, cases);
});

describe('Placing an order', () => {
  it('reserves price and worst fee, rounded up per lot', () => {
    const story = new Story(venue);
    // 25 bps of 20,001 micro-dollars is 50.0025: a lot sets 51 aside for its fee.
    expect(story.when(buy(1, { priceTicks: 20_001, quantityLots: 3 })).events).toMatchObject([
      { data: { reserved: 3 * 20_052 } },
    ]);
    expect(cashOf(story.exchange, ada)).toEqual({
      available: 100_000_000n - 60_156n,
      reserved: 60_156n,
    });
  });

  it('trades at the price of the resting order and returns the improvement', () => {
    const story = new Story([...venue, sell(1, { priceTicks: 19_000 })]);
    expect(story.when(buy(2, { quantityLots: 40 })).events.slice(1)).toEqual([
      {
        type: 'market.trade-executed',
        data: {
          tradeId: tradeIdOf(1),
          tradeNumber: 1,
          seriesId: series,
          makerOrderId: orderId(1),
          takerOrderId: orderId(2),
          takerSide: 'buy',
          buyerPartyId: ada,
          sellerPartyId: bob,
          priceTicks: 19_000,
          quantityLots: 40,
          notional: 760_000,
          buyerFee: 1_900,
          sellerFee: 760,
        },
      },
    ]);
    expect(cashOf(story.exchange, ada)).toEqual({
      available: 100_000_000n - 761_900n,
      reserved: 0n,
    });
    expect(cashOf(story.exchange, bob)).toEqual({ available: 759_240n, reserved: 0n });
    expect(tokensOf(story.exchange, series, ada)).toEqual({ available: 400_000n, reserved: 0n });
    expect(tokensOf(story.exchange, series, bob)).toEqual({
      available: 49_000_000n,
      reserved: 600_000n,
    });
    expect(story.exchange.feesEarned).toBe(2_660n);
  });

  it('fills the better price first, then the older order (X5)', () => {
    const story = new Story([
      ...venue,
      sell(1, { priceTicks: 20_000 }),
      sell(2, { priceTicks: 19_990, partyId: eve }),
      sell(3, { priceTicks: 19_990 }),
    ]);
    const { events } = story.when(buy(4, { quantityLots: 250 }));
    expect(
      events
        .slice(1)
        .map(({ data }) =>
          'makerOrderId' in data ? [data.makerOrderId, data.quantityLots] : data,
        ),
    ).toEqual([
      [orderId(2), 100],
      [orderId(3), 100],
      [orderId(1), 50],
    ]);
  });

  it('keeps the place of a partly filled order', () => {
    const story = new Story([
      ...venue,
      sell(1),
      sell(2, { partyId: eve }),
      buy(3, { quantityLots: 40 }),
    ]);
    const { events } = story.when(buy(4, { quantityLots: 61 }));
    expect(events.slice(1)).toMatchObject([
      { data: { makerOrderId: orderId(1), quantityLots: 60 } },
      { data: { makerOrderId: orderId(2), quantityLots: 1 } },
    ]);
  });

  it('cancels what an immediate-or-cancel or market order leaves, and never rests it', () => {
    const story = new Story([...venue, sell(1)]);
    const ioc = story.when(buy(2, { timeInForce: 'IOC', quantityLots: 150 }));
    expect(ioc.events.at(-1)).toMatchObject({
      data: { leavesLots: 50, reason: 'immediate_or_cancel' },
    });
    const market = story.when(buy(3, { orderKind: 'market', timeInForce: 'IOC' }));
    expect(market.events.map(({ type }) => type)).toEqual([
      'market.order-accepted',
      'market.order-cancelled',
    ]);
    expect(story.exchange.openOrders.size).toBe(0);
    expect(cashOf(story.exchange, ada).reserved).toBe(0n);
  });

  it('fills a fill-or-kill order in full or not at all (X6)', () => {
    const story = new Story([...venue, sell(1), sell(2, { priceTicks: 20_001, partyId: eve })]);
    expect(
      story.when(buy(3, { timeInForce: 'FOK', quantityLots: 101 })).events.slice(1),
    ).toMatchObject([
      { type: 'market.order-cancelled', data: { leavesLots: 101, reason: 'fill_or_kill' } },
    ]);
    expect(
      story
        .when(buy(4, { timeInForce: 'FOK', quantityLots: 101, priceTicks: 20_001 }))
        .events.map(({ type }) => type),
    ).toEqual(['market.order-accepted', 'market.trade-executed', 'market.trade-executed']);
  });

  it('does not count own liquidity towards a fill-or-kill', () => {
    const story = new Story([...venue, sell(1, { partyId: eve }), sell(2)]);
    const { events } = story.when(buy(3, { partyId: eve, timeInForce: 'FOK', quantityLots: 100 }));
    expect(events.at(-1)).toMatchObject({ data: { reason: 'fill_or_kill', leavesLots: 100 } });
    expect(story.exchange.openOrders.size).toBe(2);
  });

  it('stops at an order of its own party: fills before it stand, the rest is cancelled (X7)', () => {
    const story = new Story([...venue, sell(1), sell(2, { partyId: eve })]);
    expect(story.when(buy(3, { partyId: eve, quantityLots: 150 })).events.slice(1)).toMatchObject([
      { type: 'market.trade-executed', data: { makerOrderId: orderId(1), quantityLots: 100 } },
      {
        type: 'market.order-cancelled',
        data: { orderId: orderId(3), leavesLots: 50, reason: 'self_trade_prevented' },
      },
    ]);
    expect([...story.exchange.openOrders.keys()]).toEqual([orderId(2)]);
  });

  it('cancels resting orders of a party that may no longer trade instead of filling them (X7)', () => {
    const story = new Story([...venue, sell(1), sell(2, { partyId: eve })], [bob]);
    expect(story.when(buy(3, { quantityLots: 50 })).events.slice(1)).toMatchObject([
      {
        type: 'market.order-cancelled',
        data: { orderId: orderId(1), leavesLots: 100, reason: 'ineligible' },
      },
      { type: 'market.trade-executed', data: { makerOrderId: orderId(2), quantityLots: 50 } },
    ]);
    expect(tokensOf(story.exchange, series, bob)).toEqual({ available: 50_000_000n, reserved: 0n });
  });

  it('accepts ids that are names of object members', () => {
    const story = new Story([...venue, buy(1, { orderId: 'constructor' })]);
    expect(story.when(buy(2, { orderId: 'toString' })).outcome).toBe('accepted');
  });

  const cases = {
    order_exists: { given: [...venue, buy(1)], when: buy(1) },
    book_unknown: { given: [], when: buy(1) },
    party_ineligible: { ineligible: [ada], when: buy(1) },
    market_order_rests: { when: buy(1, { orderKind: 'market' }) },
    price_not_positive: { when: buy(1, { priceTicks: 0 }) },
    quantity_out_of_range: { when: buy(1, { quantityLots: 1_000_001 }) },
    insufficient_cash: { when: buy(1, { quantityLots: 4_988 }) },
    insufficient_tokens: { when: sell(1, { quantityLots: 5_001 }) },
  } satisfies Record<PlaceOrderRejection, Case>;
  refuses(placeOrderRejections, cases, placeOrderRejections.slice(2));
});

describe('Cancelling an order', () => {
  const cancel = (n: number, partyId: string | null): ExchangeCommand => ({
    kind: 'cancel-order',
    orderId: orderId(n),
    partyId,
  });
  it('returns the reservation', () => {
    const story = new Story([...venue, buy(1)]);
    expect(story.when(cancel(1, ada)).events).toEqual([
      {
        type: 'market.order-cancelled',
        data: {
          orderId: orderId(1),
          seriesId: series,
          partyId: ada,
          leavesLots: 100,
          reason: 'requested',
        },
      },
    ]);
    expect(cashOf(story.exchange, ada)).toEqual({ available: 100_000_000n, reserved: 0n });
  });
  it('is open to the market operator', () => {
    expect(new Story([...venue, buy(1)]).when(cancel(1, null)).outcome).toBe('accepted');
  });
  it('cancels all orders of a party, oldest first', () => {
    const story = new Story([
      ...venue,
      buy(1, { priceTicks: 3 }),
      buy(2, { priceTicks: 9 }),
      sell(3),
      buy(4, { priceTicks: 5 }),
    ]);
    expect(
      story
        .when({ kind: 'cancel-all-orders', partyId: ada })
        .events.map(({ data }) => 'orderId' in data && data.orderId),
    ).toEqual([1, 2, 4].map(orderId));
  });
  const cases = {
    order_unknown: { when: cancel(1, ada) },
    order_not_open: { given: [...venue, buy(1), cancel(1, ada)], when: cancel(1, ada) },
    not_your_order: { given: [...venue, buy(1)], when: cancel(1, eve) },
  } satisfies Record<CancelOrderRejection, Case>;
  refuses(cancelOrderRejections, cases);
});

describe('Folding', () => {
  it('refuses impossible history', () => {
    const data = {
      orderId: orderId(1),
      seriesId: series,
      partyId: ada,
      leavesLots: 1,
      reason: 'requested',
    } as const;
    expect(() => evolve(newExchange(), { type: 'market.order-cancelled', data })).toThrow(
      'impossible history',
    );
    const overdraft = {
      withdrawalId: otherId(1),
      partyId: ada,
      currency: 'USD',
      amount: microMoney(1n),
    } as const;
    expect(() => evolve(newExchange(), { type: 'market.cash-withdrawn', data: overdraft })).toThrow(
      'S7',
    );
  });
});
