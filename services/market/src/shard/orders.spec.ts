import { describe, expect, it } from 'vitest';
import { type ShardCommand } from './shard.commands.js';
import { cancelOrderRejections, type CancelOrderRejection } from './shard-rejections.js';
import { placeOrderRejections, type PlaceOrderRejection } from './order-rejections.js';
import { cashOf, tokensOf } from './shard.events.js';
import {
  ada,
  bob,
  buy,
  cash,
  eve,
  openBook,
  orderId,
  refuses,
  sell,
  series,
  Story,
  tradeIdOf,
  venue,
  type Case,
} from '../../test/exchange-story.js';

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
    expect([...story.exchange.openOrders.values()]).toMatchObject([{ orderId: orderId(2) }]);
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

  it('stays refused, for the same reason, until it asks for something else', () => {
    const unpaid = buy(1, { quantityLots: 4_988 });
    const story = new Story([...venue, unpaid, cash(9, ada, 1_000_000_000n)]);
    expect(story.when(unpaid)).toEqual({
      outcome: 'rejected',
      violations: [{ code: 'insufficient_cash' }],
      events: [],
    });
    expect(story.when(buy(1))).toMatchObject({
      violations: [{ code: 'order_exists_differently' }],
      events: [],
    });
    expect(story.when(buy(1, { partyId: eve }))).toMatchObject({ outcome: 'accepted' });
  });

  it('is refused below the smallest quantity of its book, not at it', () => {
    const story = new Story([{ ...openBook, minimumLots: 10 }, ...venue.slice(1)]);
    expect(story.when(buy(1, { quantityLots: 9 }))).toMatchObject({
      violations: [{ code: 'quantity_out_of_range' }],
    });
    expect(story.when(buy(2, { quantityLots: 10 })).outcome).toBe('accepted');
  });

  const cases = {
    order_exists_differently: { given: [...venue, buy(1)], when: buy(1, { quantityLots: 99 }) },
    party_unknown: { strangers: [ada], when: buy(1) },
    book_unknown: { given: [], when: buy(1) },
    party_ineligible: { ineligible: [ada], when: buy(1) },
    market_order_rests: { when: buy(1, { orderKind: 'market' }) },
    price_not_positive: { when: buy(1, { priceTicks: 0 }) },
    quantity_out_of_range: { when: buy(1, { quantityLots: 1_000_001 }) },
    insufficient_cash: { when: buy(1, { quantityLots: 4_988 }) },
    insufficient_tokens: { when: sell(1, { quantityLots: 5_001 }) },
  } satisfies Record<PlaceOrderRejection, Case>;
  refuses(placeOrderRejections, cases, placeOrderRejections.slice(3));
});

describe('Cancelling an order', () => {
  const cancel = (n: number, partyId: string): ShardCommand => ({
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
    order_unknown: { given: [...venue, buy(1)], when: cancel(1, eve) },
    order_refused: { given: [...venue, buy(1, { priceTicks: 0 })], when: cancel(1, ada) },
    order_not_open: { given: [...venue, buy(1), cancel(1, ada)], when: cancel(1, ada) },
  } satisfies Record<CancelOrderRejection, Case>;
  refuses(cancelOrderRejections, cases);
});
