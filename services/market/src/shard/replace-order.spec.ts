import { describe, expect, it } from 'vitest';
import { replaceOrderRejections, type ReplaceOrderRejection } from './order-rejections.js';
import type { ReplaceOrder, ShardCommand } from './shard.commands.js';
import {
  ada,
  bob,
  buy,
  cancel,
  eve,
  orderId,
  phase,
  refuses,
  sell,
  series,
  Story,
  venue,
  venueWith,
  type Case,
} from '../../test/shard-story.js';

const replace = (n: number, fields: Partial<ReplaceOrder> = {}): ReplaceOrder => ({
  kind: 'replace-order',
  orderId: orderId(n),
  partyId: ada,
  priceTicks: 20_000,
  quantityLots: 100,
  ...fields,
});
const replaced = (fields: object) => ({
  type: 'market.order-replaced',
  data: { orderId: orderId(1), seriesId: series, partyId: ada, ...fields },
});

describe('Replacing an order', () => {
  it('keeps the place of one that only gets smaller, and returns what it no longer reserves', () => {
    const story = new Story([...venue, buy(1), buy(2, { partyId: eve })]);
    expect(story.when(replace(1, { quantityLots: 60 })).events).toEqual([
      replaced({
        priceTicks: 20_000,
        quantityLots: 60,
        filledLots: 0,
        leavesLots: 60,
        keptPriority: true,
        reserved: 60 * 20_050,
      }),
    ]);
    expect(story.venue.cashOf(ada).reserved).toBe(60n * 20_050n);
    expect(story.when(sell(3, { quantityLots: 70 })).events.slice(1)).toMatchObject([
      { data: { makerOrderId: orderId(1), quantityLots: 60 } },
      { data: { makerOrderId: orderId(2), quantityLots: 10 } },
    ]);
  });

  it('puts one that grows last at its price', () => {
    const story = new Story([...venue, buy(1), buy(2, { partyId: eve })]);
    expect(story.when(replace(1, { quantityLots: 101 })).events).toMatchObject([
      { data: { keptPriority: false, leavesLots: 101, reserved: 101 * 20_050 } },
    ]);
    expect(story.when(sell(3)).events.slice(1)).toMatchObject([
      { data: { makerOrderId: orderId(2), quantityLots: 100 } },
    ]);
  });

  it('trades at once where the new price reaches the other side', () => {
    const story = new Story([...venue, sell(2, { priceTicks: 20_500, quantityLots: 30 }), buy(1)]);
    const { events } = story.when(replace(1, { priceTicks: 21_000 }));
    expect(events).toMatchObject([
      { type: 'market.order-replaced', data: { priceTicks: 21_000, leavesLots: 100 } },
      {
        type: 'market.trade-executed',
        data: { takerOrderId: orderId(1), priceTicks: 20_500, quantityLots: 30 },
      },
    ]);
    expect(story.venue.cashOf(ada).reserved).toBe(70n * 21_053n);
  });

  it('ends one that is filled as far as it is to go, and keeps what was asked', () => {
    const story = new Story([...venue, buy(1), sell(2, { quantityLots: 40 })]);
    expect(story.when(replace(1, { priceTicks: 19_000, quantityLots: 30 })).events).toEqual([
      replaced({
        priceTicks: 20_000,
        quantityLots: 40,
        filledLots: 40,
        leavesLots: 0,
        keptPriority: false,
        reserved: 0,
        askedPriceTicks: 19_000,
        askedQuantityLots: 30,
      }),
    ]);
    expect(story.venue.cashOf(ada).reserved).toBe(0n);
    expect(story.when(cancel(1, ada))).toMatchObject({ violations: [{ code: 'order_not_open' }] });
  });

  it('slides a post-only order behind the best price', () => {
    const story = new Story([...venue, sell(2), buy(1, { postOnly: 'slide', priceTicks: 19_000 })]);
    expect(story.when(replace(1, { priceTicks: 20_500 })).events).toMatchObject([
      { data: { priceTicks: 19_999, askedPriceTicks: 20_500 } },
    ]);
  });

  it('moves the stop price of an order that waits for it', () => {
    const stop = buy(1, { orderKind: 'stop_limit', stopPriceTicks: 19_500 });
    const story = new Story([...venue, stop]);
    expect(story.when(replace(1, { stopPriceTicks: 19_700 })).events).toMatchObject([
      { data: { stopPriceTicks: 19_700, priceTicks: 20_000, leavesLots: 100 } },
    ]);
  });

  const prices = { minimumPriceTicks: 1, maximumPriceTicks: 1_048_574 };
  const bands: ShardCommand = {
    ...{ kind: 'set-bands', seriesId: series, staticLowTicks: 0, staticHighTicks: 20_000 },
    ...{ dynamicPpm: 0, referencePriceTicks: 0 },
  };
  const stop = buy(1, { orderKind: 'stop', stopPriceTicks: 21_000 });
  const cases = {
    party_ineligible: { given: [...venue, buy(1)], ineligible: [ada], when: replace(1) },
    order_unknown: {
      given: [...venue, sell(1)],
      when: replace(1),
      details: { cxlRejReason: 1 },
    },
    order_refused: {
      given: [...venue, buy(1, { priceTicks: 0 })],
      when: replace(1),
      details: { reason: 'price_out_of_range', cxlRejReason: 1 },
    },
    order_not_open: {
      given: [...venue, buy(1), cancel(1, ada)],
      when: replace(1),
      details: { cxlRejReason: 0 },
    },
    phase_refuses_orders: {
      given: [...venue, buy(1), phase('cancel_only')],
      when: replace(1),
      details: { cxlRejReason: 2, phase: 'cancel_only' },
    },
    order_not_replaceable: {
      given: [...venue, buy(1), { ...stop, orderId: orderId(2), ocoOrderId: orderId(1) }],
      when: replace(1),
      details: { cxlRejReason: 2 },
    },
    combination_invalid: {
      given: [...venue, buy(1)],
      when: replace(1, { stopPriceTicks: 21_000 }),
      details: { cxlRejReason: 99 },
    },
    quantity_out_of_range: {
      given: [...venue, buy(1)],
      when: replace(1, { quantityLots: 0 }),
      details: { cxlRejReason: 99, minimumLots: 1, maximumLots: 1_000_000 },
    },
    quantity_not_on_lot: {
      given: [...venueWith({ lotStep: 5 }), buy(1)],
      when: replace(1, { quantityLots: 99 }),
      details: { cxlRejReason: 99, lotStep: 5 },
    },
    price_out_of_range: {
      given: [...venue, buy(1)],
      when: replace(1, { priceTicks: 0 }),
      details: { cxlRejReason: 99, ...prices },
    },
    price_not_on_tick: {
      given: [...venueWith({ priceStepTicks: 10 }), buy(1)],
      when: replace(1, { priceTicks: 20_001 }),
      details: { cxlRejReason: 18, priceStepTicks: 10 },
    },
    price_outside_band: {
      given: [...venue, bands, buy(1)],
      when: replace(1, { priceTicks: 20_001 }),
      details: { cxlRejReason: 8, lowTicks: 1, highTicks: 20_000 },
    },
    stop_price_out_of_range: {
      given: [...venue, stop],
      when: replace(1, { stopPriceTicks: 1_048_575 }),
      details: { cxlRejReason: 99, ...prices },
    },
    stop_price_not_on_tick: {
      given: [...venueWith({ priceStepTicks: 10 }), stop],
      when: replace(1, { stopPriceTicks: 21_001 }),
      details: { cxlRejReason: 18, priceStepTicks: 10 },
    },
    notional_out_of_range: {
      given: [...venueWith({ maximumNotional: 2_000_000 }), buy(1)],
      when: replace(1, { quantityLots: 101 }),
      details: { cxlRejReason: 99, minimumNotional: '0.000000', maximumNotional: '2.000000' },
    },
    post_only_would_take: {
      given: [...venue, sell(2), buy(1, { priceTicks: 19_000, postOnly: 'reject' })],
      when: replace(1),
      details: { cxlRejReason: 99 },
    },
    insufficient_cash: {
      given: [...venue, buy(1)],
      when: replace(1, { quantityLots: 4_988 }),
      // What the order reserves already serves the new one.
      details: { cxlRejReason: 99, needed: '98.004400', available: '97.995000' },
    },
    insufficient_tokens: {
      given: [...venue, sell(1)],
      when: replace(1, { partyId: bob, quantityLots: 5_001 }),
      details: { cxlRejReason: 99, needed: '49.010000', available: '49.000000' },
    },
  } satisfies Record<ReplaceOrderRejection, Case>;
  refuses(replaceOrderRejections, cases);
});
