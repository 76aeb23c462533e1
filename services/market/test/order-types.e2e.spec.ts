import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { FixedClock, type ServiceApp } from '@specie/nest-platform';
import { clientOf, type Answer, type Client } from '@specie/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shardStreamId } from '../src/shard/shard-events.js';
import {
  escrow,
  openMarket,
  openVenue,
  operator,
  startMarket,
  type Story,
  type Venue,
} from './open-venue.js';

const clock = new FixedClock('2026-03-02T10:00:00.000Z');
let venue: Venue;
let service: ServiceApp;
let story: Story;
let asAda: Client;
let asBob: Client;
let asOperator: Client;

beforeAll(async () => {
  venue = await openVenue(clock);
  service = await startMarket(venue);
  asOperator = await clientOf(service, operator);
});
beforeEach(async () => {
  story = await openMarket(venue, service);
  asAda = await clientOf(service, story.ada);
  asBob = await clientOf(service, story.bob);
});
afterAll(() => venue.close());

const refusal = ({ status, body }: Answer) => [status, body['code'], body['details']];
const orderOf = async (client: Client, answer: Answer) =>
  (await client.get(`/orders/${String(answer.body['id'])}`)).body;
const cashOf = async (client: Client, partyId: string) => {
  const { body } = await client.get(`/parties/${partyId}/balances`);
  return (body['cash'] as readonly unknown[])[0];
};
const depth = async () => (await asAda.get(`/books/${story.seriesId}/depth`)).body;

describe('An order over HTTP', () => {
  it('is a market order by quantity or by amount', async () => {
    const { limit, seriesId } = story;
    await asBob.post('/orders', limit('sell', 20_000, 100));
    const market = { seriesId, side: 'buy', kind: 'market', timeInForce: 'IOC' };
    expect(await asAda.post('/orders', { ...market, quantityLots: 10 })).toMatchObject({
      status: 201,
      body: {
        status: 'filled',
        execution: { ordStatus: '2', cumQty: 10, leavesQty: 0, avgPx: '2.000000' },
      },
    });
    const spent = await asAda.post('/orders', { ...market, quoteAmount: '1' });
    expect(spent.body).toMatchObject({ status: 'filled', filledLots: 49, leavesLots: 0 });
    expect(await orderOf(asAda, spent)).toMatchObject({
      quoteAmount: '1.000000',
      quantityLots: 0,
      cancelReason: 'quote_spent',
      execution: { ordStatus: '2', cumQty: 49 },
    });
    const tooMuch = await asAda.post('/orders', { ...market, quoteAmount: '9007199255' });
    expect(tooMuch).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
  });

  it('is a stop order that triggers when the price is there, and answers for itself alone', async () => {
    const { limit, seriesId } = story;
    const stop = { seriesId, side: 'buy', kind: 'stop', timeInForce: 'GTC', quantityLots: 30 };
    const waiting = await asAda.post('/orders', { ...stop, stopPriceTicks: 21_000 });
    expect(waiting.body).toMatchObject({ status: 'open', leavesLots: 30 });
    expect(await depth()).toMatchObject({ bids: [], asks: [] });
    await asBob.post('/orders', limit('sell', 21_000, 50));
    // Its own fill is 10 lots; the stop that it triggers fills 30 in the same command.
    const taken = await asAda.post('/orders', limit('buy', 21_000, 10));
    expect(taken.body).toMatchObject({ status: 'filled', filledLots: 10, leavesLots: 0 });
    expect(await orderOf(asAda, waiting)).toMatchObject({ status: 'filled', filledLots: 30 });
    const stopLimit = { ...stop, kind: 'stop_limit', priceTicks: 22_000, stopPriceTicks: 21_500 };
    expect(await orderOf(asAda, await asAda.post('/orders', stopLimit))).toMatchObject({
      kind: 'stop_limit',
      stopPriceTicks: 21_500,
      status: 'open',
    });
  });

  it('is one of two, of which one ends the other', async () => {
    const { limit, seriesId } = story;
    const orderId = randomUUID();
    await asBob.post('/orders', { ...limit('sell', 22_000, 40), orderId });
    const stop = { seriesId, side: 'sell', kind: 'stop', timeInForce: 'GTC', quantityLots: 40 };
    const other = { ...stop, stopPriceTicks: 18_000, ocoOrderId: orderId };
    const placed = await asBob.post('/orders', other);
    expect(placed.status).toBe(201);
    expect((await asBob.remove(`/orders/${orderId}`)).status).toBe(200);
    expect(await orderOf(asBob, placed)).toMatchObject({
      status: 'cancelled',
      cancelReason: 'oco',
      ocoOrderId: orderId,
    });
  });

  it('shows a peak of an iceberg, and the next once it is gone', async () => {
    const { limit } = story;
    await asBob.post('/orders', { ...limit('sell', 20_000, 100), displayLots: 30 });
    expect((await depth())['asks']).toEqual([{ priceTicks: 20_000, lots: 30, orders: 1 }]);
    await asAda.post('/orders', limit('buy', 20_000, 35));
    expect((await depth())['asks']).toEqual([{ priceTicks: 20_000, lots: 25, orders: 1 }]);
  });

  it('is post-only: refused, or slid behind the best price', async () => {
    const { limit } = story;
    await asBob.post('/orders', limit('sell', 20_000, 10));
    const order = limit('buy', 20_500, 10);
    expect(refusal(await asAda.post('/orders', { ...order, postOnly: 'reject' }))).toEqual([
      409,
      'post_only_would_take',
      { ordRejReason: 99 },
    ]);
    const slid = await asAda.post('/orders', { ...order, postOnly: 'slide' });
    expect(await orderOf(asAda, slid)).toMatchObject({ priceTicks: 19_999, status: 'open' });
  });

  it('fills now, in full, for a day or until an instant, as it says', async () => {
    const { limit } = story;
    await asBob.post('/orders', limit('sell', 20_000, 10));
    const order = limit('buy', 20_000, 20);
    expect((await asAda.post('/orders', { ...order, timeInForce: 'FOK' })).body).toMatchObject({
      status: 'cancelled',
      filledLots: 0,
      execution: { ordStatus: '4' },
    });
    expect((await asAda.post('/orders', { ...order, timeInForce: 'IOC' })).body).toMatchObject({
      status: 'cancelled',
      filledLots: 10,
    });
    const day = await asAda.post('/orders', { ...limit('buy', 9_000, 1), timeInForce: 'DAY' });
    expect(await orderOf(asAda, day)).toMatchObject({ timeInForce: 'DAY', status: 'open' });
    const expiresAt = '2026-03-02T10:00:05.000Z';
    const timed = { ...limit('buy', 9_000, 1), timeInForce: 'GTD', expiresAt };
    const until = await asAda.post('/orders', timed);
    expect(await orderOf(asAda, until)).toMatchObject({ expiresAt, status: 'open' });
    clock.advanceMs(5_000);
    await asAda.post('/orders', limit('buy', 9_000, 1));
    expect(await orderOf(asAda, until)).toMatchObject({
      status: 'cancelled',
      cancelReason: 'expired_time',
      execution: { ordStatus: 'C' },
    });
    expect(refusal(await asAda.post('/orders', timed))).toEqual([
      422,
      'expire_time_passed',
      { ordRejReason: 4 },
    ]);
  });

  it('meets no order of its own party, as it says', async () => {
    const { limit } = story;
    const resting = await asBob.post('/orders', limit('sell', 20_000, 10));
    await asOperator.post('/cash-deposits', {
      partyId: story.bob.partyId,
      currency: 'USD',
      amount: '100',
    });
    const own = { ...limit('buy', 20_000, 4), selfTradePrevention: 'decrement_and_cancel' };
    expect((await asBob.post('/orders', own)).body).toMatchObject({ status: 'cancelled' });
    expect(await orderOf(asBob, resting)).toMatchObject({ quantityLots: 6, leavesLots: 6 });
    expect(refusal(await asBob.post('/orders', { ...own, selfTradePrevention: 'none' }))).toEqual([
      422,
      'stp_required',
      { ordRejReason: 11 },
    ]);
  });

  it('trades with its own party only where its book allows it and it asks for it (X7)', async () => {
    const { bob, terms } = story;
    const seriesId = randomUUID();
    const book = { ...terms, seriesId, selfTradeAllowed: true };
    expect((await asOperator.post('/books', book)).status).toBe(201);
    const order = { ...story.limit('buy', 20_000, 4), seriesId };
    await asOperator.post('/cash-deposits', {
      partyId: bob.partyId,
      currency: 'USD',
      amount: '100',
    });
    await escrow(venue, { partyId: bob.partyId, seriesId }, 1_000_000n);
    await expect
      .poll(async () => (await asBob.post('/orders', { ...order, side: 'sell' })).status)
      .toBe(201);
    expect((await asBob.post('/orders', order)).body).toMatchObject({ status: 'cancelled' });
    expect(
      (await asBob.post('/orders', { ...order, selfTradePrevention: 'none' })).body,
    ).toMatchObject({ status: 'filled', filledLots: 4 });
  });

  it('is known by the reference of its client while it is open', async () => {
    const { limit } = story;
    const order = { ...limit('buy', 9_000, 10), clientOrderId: 'ada-1' };
    const placed = await asAda.post('/orders', order);
    expect((await asAda.get('/orders?clientOrderId=ada-1')).body['items']).toMatchObject([
      { orderId: placed.body['id'], clientOrderId: 'ada-1' },
    ]);
    expect(refusal(await asAda.post('/orders', order))).toEqual([
      409,
      'duplicate_client_order_id',
      { ordRejReason: 6, orderId: placed.body['id'] },
    ]);
    expect((await asAda.remove(`/orders/${String(placed.body['id'])}`)).status).toBe(200);
    expect((await asAda.post('/orders', order)).status).toBe(201);
  });
});

describe('A refused order', () => {
  it('tells its FIX reason again when it is sent again', async () => {
    const order = { ...story.limit('buy', 20_000, 0), orderId: randomUUID() };
    expect(refusal(await asAda.post('/orders', order))).toEqual([
      422,
      'quantity_out_of_range',
      { ordRejReason: 13, minimumLots: 1, maximumLots: 1_000_000 },
    ]);
    expect(refusal(await asAda.post('/orders', order))).toEqual([
      422,
      'quantity_out_of_range',
      { ordRejReason: 13 },
    ]);
  });
});

describe('Replacing an order over HTTP', () => {
  it('answers how it stands, and may trade at once', async () => {
    const { limit } = story;
    const path = `/orders/${String((await asAda.post('/orders', limit('buy', 10_000, 100))).body['id'])}`;
    expect(await asAda.put(path, { priceTicks: 10_000, quantityLots: 60 })).toMatchObject({
      status: 200,
      body: { keptPriority: true, status: 'open', leavesLots: 60 },
    });
    expect(await cashOf(asAda, story.ada.partyId)).toMatchObject({ reserved: '0.601500' });
    await asBob.post('/orders', limit('sell', 11_000, 20));
    expect((await asAda.put(path, { priceTicks: 11_000, quantityLots: 60 })).body).toMatchObject({
      keptPriority: false,
      filledLots: 20,
      leavesLots: 40,
      execution: { ordStatus: '1', avgPx: '1.100000' },
    });
    expect((await asAda.put(path, { priceTicks: 11_000, quantityLots: 20 })).body).toMatchObject({
      status: 'filled',
      leavesLots: 0,
    });
    expect(refusal(await asAda.put(path, { priceTicks: 11_000, quantityLots: 60 }))).toEqual([
      409,
      'order_not_open',
      { cxlRejReason: 0 },
    ]);
    expect(await asBob.put(path, { priceTicks: 11_000, quantityLots: 60 })).toMatchObject({
      status: 404,
      body: { code: 'order_unknown', details: { cxlRejReason: 1 } },
    });
  });

  it('tells what is missing for more of it', async () => {
    const placed = await asAda.post('/orders', story.limit('buy', 10_000, 100));
    const path = `/orders/${String(placed.body['id'])}`;
    const answer = await asAda.put(path, { priceTicks: 10_000, quantityLots: 1_000_000 });
    expect(refusal(answer)).toEqual([
      409,
      'insufficient_cash',
      { cxlRejReason: 99, needed: '10023.997500', available: '998.997500' },
    ]);
  });
});

describe('A mass cancel over HTTP', () => {
  it('takes all open orders of the caller, in one book or in all', async () => {
    const { limit, seriesId } = story;
    await asAda.post('/orders', limit('buy', 10_000, 10));
    await asAda.post('/orders', limit('buy', 10_001, 10));
    const elsewhere = randomUUID();
    expect((await asAda.post(`/order-cancellations?seriesId=${elsewhere}`)).body).toMatchObject({
      cancelled: 0,
    });
    expect((await asAda.post(`/order-cancellations?seriesId=${seriesId}`)).body).toMatchObject({
      cancelled: 2,
    });
    expect((await asAda.get('/orders?status=cancelled')).body['items']).toMatchObject([
      { cancelReason: 'mass_cancel' },
      { cancelReason: 'mass_cancel' },
    ]);
    expect(await cashOf(asAda, story.ada.partyId)).toMatchObject({ reserved: '0.000000' });
  });
});

describe('A party that may no longer trade', () => {
  it('loses its orders to a command of their own before anything meets them', async () => {
    const { limit, bob } = story;
    await asBob.post('/orders', limit('sell', 20_000, 10));
    await venue.publish('compliance', streamIds.party(bob.partyId), 'compliance.party-frozen', {
      partyId: bob.partyId,
      frozenBy: operator.partyId,
      reason: 'under_review',
    });
    await expect
      .poll(async () => (await asBob.post('/orders', limit('sell', 30_000, 1))).body['code'])
      .toBe('party_ineligible');
    await asAda.post('/orders', limit('buy', 20_000, 10));
    const types = (await service.store.readStream(shardStreamId)).map(({ type, data }) => [
      type,
      (data as { readonly reason?: string }).reason,
    ]);
    const at = types.findLastIndex(([type]) => type === 'market.orders-mass-cancelled');
    expect(types.slice(at, at + 2)).toEqual([
      ['market.orders-mass-cancelled', 'ineligible'],
      ['market.order-cancelled', 'ineligible'],
    ]);
  });
});
