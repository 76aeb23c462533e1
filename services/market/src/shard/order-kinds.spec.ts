import { describe, expect, it } from 'vitest';
import {
  ada,
  bob,
  buy,
  cancel,
  eve,
  orderId,
  sell,
  series,
  Story,
  venue,
} from '../../test/shard-story.js';

const cancelled = (n: number, reason: string, leavesLots: number) => ({
  type: 'market.order-cancelled',
  data: { orderId: orderId(n), reason, leavesLots },
});

describe('A market order by amount', () => {
  it('spends no more than it says, fee included, and says that it is spent', () => {
    const story = new Story([...venue, sell(1)]);
    const order = buy(2, {
      ...{ orderKind: 'market', timeInForce: 'IOC', priceTicks: 0 },
      ...{ quantityLots: 0, quoteAmount: 1_000_000 },
    });
    // A lot costs 20,000 and a fee of 50: 49 of them are 982,450.
    expect(story.when(order).events).toMatchObject([
      { type: 'market.order-accepted', data: { quoteAmount: 1_000_000, reserved: 0 } },
      { type: 'market.trade-executed', data: { quantityLots: 49, buyerFee: 2_450 } },
      cancelled(2, 'quote_spent', 0),
    ]);
    expect(story.venue.cashOf(ada)).toEqual({ available: 99_017_550n, reserved: 0n });
  });
});

describe('A stop order', () => {
  const stop = buy(1, { orderKind: 'stop', stopPriceTicks: 21_000, priceTicks: 0 });
  it('waits for a trade at its stop price, reserving for the highest price', () => {
    const story = new Story([...venue, { ...stop, quantityLots: 10 }]);
    expect(story.venue.cashOf(ada).reserved).toBe(10n * (1_048_574n + 2_622n));
    expect(story.venue.core.bookState(1)?.openOrders).toBe(1);
  });
  it('triggers in the command that traded there, and takes what is left', () => {
    const story = new Story([
      ...venue,
      { ...stop, quantityLots: 10 },
      sell(2, { priceTicks: 21_000, quantityLots: 5 }),
      sell(3, { priceTicks: 21_500, quantityLots: 5 }),
    ]);
    const { events } = story.when(buy(4, { partyId: eve, priceTicks: 21_000, quantityLots: 5 }));
    expect(events.slice(1)).toMatchObject([
      { data: { makerOrderId: orderId(2), takerOrderId: orderId(4), quantityLots: 5 } },
      {
        type: 'market.order-triggered',
        data: { orderId: orderId(1), stopPriceTicks: 21_000, lastPriceTicks: 21_000 },
      },
      { data: { makerOrderId: orderId(3), takerOrderId: orderId(1), priceTicks: 21_500 } },
      cancelled(1, 'immediate_or_cancel', 5),
    ]);
    expect(story.venue.orders.size).toBe(0);
  });
  it('becomes a limit order where it has a limit', () => {
    const story = new Story([
      ...venue,
      { ...stop, orderKind: 'stop_limit', priceTicks: 21_100 },
      sell(2, { priceTicks: 21_000, quantityLots: 5 }),
      buy(4, { partyId: eve, priceTicks: 21_000, quantityLots: 5 }),
    ]);
    expect(story.venue.core.order(1)).toMatchObject({ type: 'limit', price: 21_100, stopPrice: 0 });
  });
});

describe('One of two orders', () => {
  const given = [
    ...venue,
    sell(1, { priceTicks: 22_000 }),
    sell(2, { orderKind: 'stop', priceTicks: 0, stopPriceTicks: 18_000, ocoOrderId: orderId(1) }),
  ];
  it('reserves once for both', () => {
    expect(new Story(given).venue.tokensOf(series, bob).reserved).toBe(1_000_000n);
  });
  it('ends when the other is filled', () => {
    const { events } = new Story(given).when(buy(3, { priceTicks: 22_000, quantityLots: 1 }));
    expect(events.slice(1)).toMatchObject([
      { type: 'market.trade-executed', data: { makerOrderId: orderId(1), quantityLots: 1 } },
      cancelled(2, 'oco', 100),
    ]);
  });
  it('ends when the other is cancelled', () => {
    const { events } = new Story(given).when(cancel(1, bob));
    expect(events).toMatchObject([cancelled(1, 'requested', 100), cancelled(2, 'oco', 100)]);
  });
});

describe('An iceberg', () => {
  it('shows its peak, and the next one behind who came meanwhile', () => {
    const story = new Story([
      ...venue,
      sell(1, { displayLots: 10 }),
      sell(2, { partyId: eve, quantityLots: 20 }),
    ]);
    expect(story.venue.core.levels(1, 'sell', 1)).toEqual([
      { price: 20_000, quantity: 30, orders: 2 },
    ]);
    expect(story.when(buy(3, { quantityLots: 35 })).events.slice(1)).toMatchObject([
      { data: { makerOrderId: orderId(1), quantityLots: 10 } },
      { data: { makerOrderId: orderId(2), quantityLots: 20 } },
      { data: { makerOrderId: orderId(1), quantityLots: 5 } },
    ]);
    expect(story.venue.core.levels(1, 'sell', 1)).toEqual([
      { price: 20_000, quantity: 5, orders: 1 },
    ]);
  });
});

describe('A post-only order', () => {
  it('slides behind the best price and keeps what was asked', () => {
    const story = new Story([...venue, sell(1)]);
    expect(story.when(buy(2, { postOnly: 'slide', priceTicks: 20_500 })).events).toMatchObject([
      { data: { priceTicks: 19_999, askedPriceTicks: 20_500, reserved: 100 * 20_049 } },
    ]);
  });
});

describe('Orders of one party that meet', () => {
  const own = sell(1, { partyId: eve });
  const taking = buy(2, { partyId: eve, quantityLots: 150 });
  const prevented = { type: 'market.self-trade-prevented', data: { quantityLots: 100 } };
  it('end the oldest where it is to go', () => {
    const story = new Story([...venue, own]);
    const { events } = story.when({ ...taking, selfTradePrevention: 'cancel_oldest' });
    expect(events.slice(1)).toMatchObject([prevented, cancelled(1, 'self_trade_prevented', 100)]);
  });
  it('end both where both are to go', () => {
    const story = new Story([...venue, own]);
    const { events } = story.when({ ...taking, selfTradePrevention: 'cancel_both' });
    expect(events.slice(1)).toMatchObject([
      prevented,
      cancelled(1, 'self_trade_prevented', 100),
      cancelled(2, 'self_trade_prevented', 150),
    ]);
  });
  it('lose the overlap, and the rest of the larger rests', () => {
    const story = new Story([...venue, own]);
    const { events } = story.when({ ...taking, selfTradePrevention: 'decrement_and_cancel' });
    expect(events.slice(1)).toMatchObject([
      prevented,
      cancelled(1, 'self_trade_prevented', 100),
      {
        type: 'market.order-restated',
        data: { orderId: orderId(2), quantityLots: 50, filledLots: 0, leavesLots: 50 },
      },
    ]);
    expect(story.venue.cashOf(eve).reserved).toBe(50n * 20_050n);
  });
});

describe('An order that is good for a time', () => {
  const at = (second: number) => `2026-03-02T10:00:0${second}.000Z`;
  it('expires when the time is there', () => {
    const story = new Story([
      ...venue,
      { kind: 'advance-time', at: at(0) },
      buy(1, { timeInForce: 'GTD', expiresAt: at(5) }),
    ]);
    expect(story.when({ kind: 'advance-time', at: at(4) }).events).toHaveLength(1);
    expect(story.when({ kind: 'advance-time', at: at(5) }).events).toMatchObject([
      { type: 'market.time-advanced', data: { at: at(5) } },
      cancelled(1, 'expired_time', 100),
    ]);
    expect(story.when({ kind: 'advance-time', at: at(5) }).events).toEqual([]);
  });
});
