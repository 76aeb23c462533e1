import { describe, expect, it } from 'vitest';
import { placeOrderRejections, type PlaceOrderRejection } from './order-rejections.js';
import {
  ada,
  bob,
  buy,
  cash,
  eve,
  orderCapacity,
  orderId,
  phase,
  refuses,
  sell,
  series,
  Story,
  tradeIdOf,
  venue,
  venueWith,
  type Case,
} from '../../test/shard-story.js';

describe('Placing an order', () => {
  it('reserves price and worst fee, rounded up per lot', () => {
    const story = new Story(venue);
    // 2,500 ppm of 20,001 micro-dollars is 50.0025: a lot sets 51 aside for its fee.
    expect(story.when(buy(1, { priceTicks: 20_001, quantityLots: 3 })).events).toMatchObject([
      { data: { reserved: 3 * 20_052 } },
    ]);
    expect(story.venue.cashOf(ada)).toEqual({
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
    expect(story.venue.cashOf(ada)).toEqual({
      available: 100_000_000n - 761_900n,
      reserved: 0n,
    });
    expect(story.venue.cashOf(bob)).toEqual({ available: 759_240n, reserved: 0n });
    expect(story.venue.tokensOf(series, ada)).toEqual({ available: 400_000n, reserved: 0n });
    expect(story.venue.tokensOf(series, bob)).toEqual({
      available: 49_000_000n,
      reserved: 600_000n,
    });
    expect(story.venue.feesEarned).toBe(2_660n);
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
    expect(story.venue.orders.size).toBe(0);
    expect(story.venue.cashOf(ada).reserved).toBe(0n);
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
    expect(story.venue.orders.size).toBe(2);
  });

  it('stops at an order of its own party: fills before it stand, the rest is cancelled (X7)', () => {
    const story = new Story([...venue, sell(1), sell(2, { partyId: eve })]);
    expect(story.when(buy(3, { partyId: eve, quantityLots: 150 })).events.slice(1)).toMatchObject([
      { type: 'market.trade-executed', data: { makerOrderId: orderId(1), quantityLots: 100 } },
      {
        type: 'market.self-trade-prevented',
        data: { makerOrderId: orderId(2), takerOrderId: orderId(3), mode: 'cancel_newest' },
      },
      {
        type: 'market.order-cancelled',
        data: { orderId: orderId(3), leavesLots: 50, reason: 'self_trade_prevented' },
      },
    ]);
    expect([...story.venue.orders.all()]).toMatchObject([{ orderId: orderId(2) }]);
  });

  it('trades with nobody whose orders were cancelled because they may no longer trade (X7)', () => {
    const story = new Story([...venue, sell(1), sell(2, { partyId: eve })], [bob]);
    expect(story.when({ kind: 'mass-cancel', partyId: bob, reason: 'ineligible' }).events).toEqual([
      {
        type: 'market.orders-mass-cancelled',
        data: { partyId: bob, reason: 'ineligible', orderCount: 1 },
      },
      {
        type: 'market.order-cancelled',
        data: {
          orderId: orderId(1),
          seriesId: series,
          partyId: bob,
          leavesLots: 100,
          reason: 'ineligible',
        },
      },
    ]);
    expect(story.venue.tokensOf(series, bob)).toEqual({ available: 50_000_000n, reserved: 0n });
    expect(story.when(buy(3, { quantityLots: 50 })).events.slice(1)).toMatchObject([
      { type: 'market.trade-executed', data: { makerOrderId: orderId(2), quantityLots: 50 } },
    ]);
  });

  it('accepts ids that are names of object members', () => {
    const story = new Story([
      ...venue,
      buy(1, { orderId: 'constructor', clientOrderId: 'constructor' }),
    ]);
    expect(story.when(buy(2, { orderId: 'toString', clientOrderId: 'toString' })).outcome).toBe(
      'accepted',
    );
  });

  it('stays refused, for the same reason, until it asks for something else', () => {
    const unpaid = buy(1, { quantityLots: 4_988 });
    const story = new Story([...venue, unpaid, cash(9, ada, 1_000_000_000n)]);
    expect(story.when(unpaid)).toEqual({
      outcome: 'rejected',
      violations: [{ code: 'insufficient_cash', details: { ordRejReason: 3 } }],
      events: [],
    });
    expect(story.when(buy(1))).toMatchObject({
      violations: [{ code: 'order_exists_differently' }],
      events: [],
    });
    expect(story.when(buy(1, { partyId: eve }))).toMatchObject({ outcome: 'accepted' });
  });

  it('is refused below the smallest quantity of its book, not at it', () => {
    const story = new Story(venueWith({ minimumLots: 10 }));
    expect(story.when(buy(1, { quantityLots: 9 }))).toMatchObject({
      violations: [{ code: 'quantity_out_of_range' }],
    });
    expect(story.when(buy(2, { quantityLots: 10 })).outcome).toBe('accepted');
  });

  const stop = { orderKind: 'stop', stopPriceTicks: 21_000 } as const;
  const now = '2026-03-02T10:00:00.000Z';
  const prices = { minimumPriceTicks: 1, maximumPriceTicks: 1_048_574 };
  const cases = {
    order_exists_differently: {
      given: [...venue, buy(1)],
      when: buy(1, { quantityLots: 99 }),
      details: { ordRejReason: 6 },
    },
    party_unknown: { strangers: [ada], when: buy(1) },
    book_unknown: { given: [], when: buy(1), details: { ordRejReason: 1 } },
    party_ineligible: { ineligible: [ada], when: buy(1) },
    duplicate_client_order_id: {
      given: [...venue, buy(1, { clientOrderId: 'ada-1' })],
      when: buy(2, { clientOrderId: 'ada-1' }),
      details: { ordRejReason: 6, orderId: orderId(1) },
    },
    oco_partner_invalid: {
      when: buy(1, { ...stop, ocoOrderId: orderId(9) }),
      details: { ordRejReason: 99 },
    },
    account_killed: {
      given: [...venue, { kind: 'set-kill-switch', partyId: ada, engaged: true, by: 'party' }],
      when: buy(1),
      details: { ordRejReason: 0 },
    },
    phase_refuses_orders: {
      given: [...venue, phase('cancel_only')],
      when: buy(1),
      details: { ordRejReason: 2, phase: 'cancel_only' },
    },
    combination_invalid: {
      when: buy(1, { orderKind: 'market' }),
      details: { ordRejReason: 11 },
    },
    phase_refuses_combination: {
      given: [...venue, phase('pre_open')],
      when: buy(1, { timeInForce: 'FOK' }),
      details: { ordRejReason: 11, phase: 'pre_open' },
    },
    stp_required: {
      when: buy(1, { selfTradePrevention: 'none' }),
      details: { ordRejReason: 11 },
    },
    quantity_out_of_range: {
      when: buy(1, { quantityLots: 1_000_001 }),
      details: { ordRejReason: 13, minimumLots: 1, maximumLots: 1_000_000 },
    },
    quantity_not_on_lot: {
      given: venueWith({ lotStep: 5 }),
      when: buy(1, { quantityLots: 99 }),
      details: { ordRejReason: 13, lotStep: 5 },
    },
    display_quantity_invalid: {
      when: buy(1, { displayLots: 101 }),
      details: { ordRejReason: 13, lotStep: 1 },
    },
    price_out_of_range: {
      when: buy(1, { priceTicks: 0 }),
      details: { ordRejReason: 99, ...prices },
    },
    price_not_on_tick: {
      given: venueWith({ priceStepTicks: 10 }),
      when: buy(1, { priceTicks: 20_001 }),
      details: { ordRejReason: 18, priceStepTicks: 10 },
    },
    price_outside_band: {
      given: [
        ...venue,
        {
          ...{ kind: 'set-bands', seriesId: series, staticLowTicks: 10_000 },
          ...{ staticHighTicks: 30_000, dynamicPpm: 100_000, referencePriceTicks: 15_000 },
        },
      ],
      when: buy(1),
      details: { ordRejReason: 16, lowTicks: 13_500, highTicks: 16_500 },
    },
    stop_price_out_of_range: {
      when: buy(1, { ...stop, stopPriceTicks: 1_048_575 }),
      details: { ordRejReason: 99, ...prices },
    },
    stop_price_not_on_tick: {
      given: venueWith({ priceStepTicks: 10 }),
      when: buy(1, { ...stop, stopPriceTicks: 21_001 }),
      details: { ordRejReason: 18, priceStepTicks: 10 },
    },
    notional_out_of_range: {
      given: venueWith({ minimumNotional: 2_000_001 }),
      when: buy(1),
      details: {
        ordRejReason: 3,
        minimumNotional: '2.000001',
        maximumNotional: '2251799813.685247',
      },
    },
    expire_time_passed: {
      given: [...venue, { kind: 'advance-time', at: now }],
      when: buy(1, { timeInForce: 'GTD', expiresAt: now }),
      details: { ordRejReason: 4 },
    },
    post_only_would_take: {
      given: [...venue, sell(1)],
      when: buy(2, { postOnly: 'reject' }),
      details: { ordRejReason: 99 },
    },
    open_orders_limit: {
      given: [...venue, { kind: 'set-account-limit', partyId: ada, openOrdersMax: 1 }, buy(1)],
      when: buy(2),
      details: { ordRejReason: 3, openOrdersMax: 1 },
    },
    order_capacity_reached: {
      given: [
        ...venue,
        ...Array.from({ length: orderCapacity }, (_, n) => buy(n, { quantityLots: 1 })),
      ],
      when: buy(99),
      details: { ordRejReason: 3 },
    },
    insufficient_cash: {
      when: buy(1, { quantityLots: 4_988 }),
      details: { ordRejReason: 3, needed: '100.009400', available: '100.000000' },
    },
    insufficient_tokens: {
      when: sell(1, { quantityLots: 5_001 }),
      details: { ordRejReason: 3, needed: '50.010000', available: '50.000000' },
    },
  } satisfies Record<PlaceOrderRejection, Case>;
  refuses(placeOrderRejections, cases, placeOrderRejections.slice(3));
});
