import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, INTEGER_MAX, MatchingCore, QUANTITY_MAX } from '../src/index.js';
import type { EngineLimits, MatchingEvent, NewOrder } from '../src/index.js';
import { ADA, BEN, openDesk, order, plainConfig, smallLimits } from './desk.js';
import { implementations } from './engines.js';

const highest = DEFAULT_LIMITS.ladderTicks - 2;
const reasonOf = (events: readonly object[]): unknown => (events[0] as { reason?: string }).reason;

/** The largest book the engine can hold: every limit of one order at its end. */
function openLargest(): MatchingCore {
  return openDesk({
    limits: { ladderTicks: DEFAULT_LIMITS.ladderTicks },
    config: { maxPrice: highest, maxQuantity: QUANTITY_MAX, maxNotional: INTEGER_MAX },
  });
}

describe('Limits', () => {
  it('trades the largest quantity at the largest price, and refuses one tick and one lot more', () => {
    const engine = openLargest();
    const terms = { price: highest, quantity: QUANTITY_MAX } as const;
    const supply = INTEGER_MAX - 3_000_000;
    engine.apply({ kind: 'deposit', account: ADA, asset: 0, amount: supply });
    engine.apply({ kind: 'deposit', account: BEN, asset: 1, amount: QUANTITY_MAX });
    engine.apply(order(1, BEN, { ...terms, side: 'sell' }));
    const notional = highest * QUANTITY_MAX;
    const trade = engine.apply(order(2, ADA, terms)).find((event) => event.type === 'trade');
    expect(trade).toMatchObject({
      ...terms,
      takerFee: Number((BigInt(notional) * 2_000n + 999_999n) / 1_000_000n),
      makerFee: Number((BigInt(notional) * 1_000n + 999_999n) / 1_000_000n),
    });
    const cash = engine.stateView().accounts.map((account) => account.cash.available);
    expect(cash.reduce((sum, amount) => sum + BigInt(amount), 0n)).toBe(BigInt(INTEGER_MAX));

    expect(reasonOf(engine.apply(order(3, BEN, { price: highest + 1 })))).toBe(
      'price_out_of_range',
    );
    expect(reasonOf(engine.apply(order(3, BEN, { quantity: QUANTITY_MAX + 1 })))).toBe(
      'quantity_out_of_range',
    );
    expect(reasonOf(engine.apply({ kind: 'deposit', account: ADA, asset: 0, amount: 1 }))).toBe(
      'balance_overflow',
    );
  });

  it('cannot overflow a notional: the largest order with a fee of 100 % stays below 2^53', () => {
    expect(2 * highest * QUANTITY_MAX).toBeLessThanOrEqual(INTEGER_MAX);
  });

  describe.each(implementations)('of a quote order in the $name', ({ create }) => {
    const lotSize = 3;
    const lotsMax = QUANTITY_MAX - (QUANTITY_MAX % lotSize);
    const perMaker = 1_500_000_000;
    const config = {
      ...plainConfig,
      lotSize,
      minQuantity: lotSize,
      maxQuantity: QUANTITY_MAX,
      maxNotional: INTEGER_MAX,
    };

    /** Makers with more lots on the other side than one order can count, and a quote order that could pay for all. */
    function takeByQuote(side: 'buy' | 'sell', makers: number): readonly MatchingEvent[] {
      const engine = create(smallLimits);
      engine.apply({ kind: 'configure_book', book: 1, config });
      for (const account of [ADA, BEN]) {
        const owner = { kind: 'configure_account', account, ownerGroup: account } as const;
        engine.apply({ ...owner, openOrdersMax: 0 });
        for (const asset of [0, 1])
          engine.apply({ kind: 'deposit', account, asset, amount: 2 ** 50 });
      }
      engine.apply({ kind: 'set_phase', book: 1, phase: 'continuous' });
      const opposite = side === 'buy' ? 'sell' : 'buy';
      const quantity = makers === 1 ? lotsMax : perMaker;
      for (let orderId = 1; orderId <= makers; orderId++)
        engine.apply(order(orderId, BEN, { side: opposite, price: 100, quantity }));
      const quote: NewOrder = order(9, ADA, { side, type: 'market', timeInForce: 'ioc', price: 0 });
      return engine.apply({ ...quote, quantity: 0, quoteAmount: 2 ** 49 });
    }

    it.each(['buy', 'sell'] as const)('%ss at most 2^31-1 lots, in whole lots', (side) => {
      const events = takeByQuote(side, 3);
      const traded = events.flatMap((event) => (event.type === 'trade' ? [event.quantity] : []));
      expect(traded).toEqual([perMaker, lotsMax - perMaker]);
      expect(events.at(-1)).toMatchObject({
        type: 'canceled',
        reason: 'quote_spent',
        cumQuantity: lotsMax,
      });
    });

    it.each(['buy', 'sell'] as const)('%ss exactly so many and is done', (side) => {
      const events = takeByQuote(side, 1);
      expect(events.map((event) => event.type)).toEqual(['accepted', 'trade', 'level', 'canceled']);
      expect(events.at(-1)).toMatchObject({ reason: 'quote_spent', cumQuantity: lotsMax });
    });
  });

  it('counts a level beyond 32 bits', () => {
    const engine = openLargest();
    engine.apply({ kind: 'deposit', account: ADA, asset: 1, amount: 3 * QUANTITY_MAX });
    for (const orderId of [1, 2, 3])
      engine.apply(order(orderId, ADA, { side: 'sell', quantity: QUANTITY_MAX }));
    expect(engine.stateView().books[0]?.asks[0]?.quantity).toBe(3 * QUANTITY_MAX);
  });

  it('takes order ids and times up to 2^53-1 and refuses the next', () => {
    const engine = openDesk();
    engine.apply(order(2 ** 40, ADA));
    engine.apply(order(2 ** 40 + 2 ** 33, ADA));
    engine.apply(order(INTEGER_MAX, ADA, { timeInForce: 'gtd', expiresAt: INTEGER_MAX }));
    expect(reasonOf(engine.apply(order(INTEGER_MAX + 1, ADA)))).toBe('malformed_command');
    expect(reasonOf(engine.apply(order(INTEGER_MAX, ADA)))).toBe('duplicate_order_id');
    const ids = engine.stateView().books[0]?.bids[0]?.orders.map((o) => o.orderId);
    expect(ids).toEqual([2 ** 40, 2 ** 40 + 2 ** 33, INTEGER_MAX]);
    expect(engine.apply({ kind: 'cancel', account: ADA, orderId: 2 ** 40 })).toHaveLength(2);
    expect(reasonOf(engine.apply({ kind: 'set_time', time: INTEGER_MAX + 1 }))).toBe(
      'malformed_command',
    );
    expect(reasonOf(engine.apply({ kind: 'set_time', time: INTEGER_MAX }))).toBeUndefined();
    expect(engine.stateView().openOrders).toBe(1);
  });

  it('holds orderCapacity orders, reuses the place of an ended one, and refuses one more', () => {
    const engine = openDesk();
    for (let i = 1; i <= smallLimits.orderCapacity; i++) engine.apply(order(i, ADA));
    expect(reasonOf(engine.apply(order(100, ADA)))).toBe('order_capacity_reached');
    engine.apply({ kind: 'cancel', account: ADA, orderId: 3 });
    expect(reasonOf(engine.apply(order(100, ADA)))).toBeUndefined();
    expect(engine.stateView().openOrders).toBe(smallLimits.orderCapacity);
  });

  it('numbers accounts and books up to their capacity and refuses the next', () => {
    const engine = openDesk();
    const account = smallLimits.accountCapacity;
    const configured = { kind: 'configure_account', ownerGroup: 1, openOrdersMax: 0 } as const;
    expect(reasonOf(engine.apply({ ...configured, account }))).toBeUndefined();
    expect(reasonOf(engine.apply({ ...configured, account: account + 1 }))).toBe('unknown_account');
    const config = engine.stateView().books[0]?.config;
    if (config === undefined) throw new Error('book 1 is configured');
    expect(reasonOf(engine.apply({ kind: 'configure_book', book: 2, config }))).toBeUndefined();
    expect(reasonOf(engine.apply({ kind: 'configure_book', book: 3, config }))).toBe(
      'unknown_book',
    );
  });

  it('numbers fee tiers up to 15 and refuses the next', () => {
    const engine = openDesk();
    const fees = { makerFeePpm: 0, takerFeePpm: 0, auctionFeePpm: 0 };
    const account = { kind: 'configure_account', account: ADA, ownerGroup: ADA } as const;
    const configured = (feeTier: number) =>
      reasonOf(engine.apply({ ...account, openOrdersMax: 0, feeTier }));
    const set = (tier: number) =>
      reasonOf(engine.apply({ kind: 'set_fees', book: 1, tier, ...fees }));
    expect([configured(15), set(15)]).toEqual([undefined, undefined]);
    expect([configured(16), set(16)]).toEqual(['amount_out_of_range', 'fees_invalid']);
  });

  it('remembers tradeHistory trades for bust and correct and no more', () => {
    const engine = openDesk();
    for (let i = 1; i <= smallLimits.tradeHistory + 1; i++) {
      engine.apply(order(2 * i, ADA, { side: 'sell', quantity: 1 }));
      engine.apply(order(2 * i + 1, BEN, { quantity: 1 }));
    }
    expect(reasonOf(engine.apply({ kind: 'bust', tradeId: 1 }))).toBe('unknown_trade');
    expect(reasonOf(engine.apply({ kind: 'bust', tradeId: 2 }))).toBeUndefined();
  });

  it.each<Partial<EngineLimits>>([
    { orderCapacity: 0 },
    { orderCapacity: 2 ** 24 + 1 },
    { tradeHistory: 2 ** 24 + 1 },
    { accountCapacity: 2 ** 24 + 1 },
    { bookCapacity: 2 ** 16 },
    { ladderTicks: 16 },
    { ladderTicks: 1000 },
    { ladderTicks: 2 ** 21 },
    { tradeHistory: 0 },
    { tradeHistory: 1.5 },
  ])('refuses to be built with %o', (limits) => {
    expect(() => new MatchingCore({ ...smallLimits, ...limits })).toThrow(RangeError);
  });

  it('needs at most 96 bytes per resting order', () => {
    expect(new MatchingCore({ ...smallLimits, orderCapacity: 2 ** 20 }).bytesPerOrder).toBeLessThan(
      96,
    );
  });
});
