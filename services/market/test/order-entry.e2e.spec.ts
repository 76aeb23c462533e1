import { randomUUID } from 'node:crypto';
import type { ServiceApp } from '@specie/nest-platform';
import { clientOf, eventually } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderEntryClient } from './order-entry-client.js';
import {
  openMarket,
  openVenue,
  operator,
  startMarket,
  type Story,
  type Venue,
} from './open-venue.js';

describe('Order entry', () => {
  let venue: Venue;
  let service: ServiceApp;
  let story: Story;
  const clients: OrderEntryClient[] = [];

  async function connect(actor: Story['ada']): Promise<OrderEntryClient> {
    const client = await OrderEntryClient.connect(service, actor);
    clients.push(client);
    return client;
  }

  beforeAll(async () => {
    venue = await openVenue();
    service = await startMarket(venue);
    story = await openMarket(venue, service);
  });
  afterAll(async () => {
    clients.forEach((client) => client.close());
    await venue.close();
  });

  it('answers an order when it is durable, and reports to both sides of a trade', async () => {
    const [ada, bob] = [await connect(story.ada), await connect(story.bob)];
    const offer = { ...story.limit('sell', 20_000, 500), clientOrderId: 'offer-1' };
    expect(await bob.request('place', { order: offer })).toMatchObject({
      type: 'result',
      answer: { status: 'open', execution: { ordStatus: '0', cumQty: 0, leavesQty: 500 } },
    });
    const bid = { ...story.limit('buy', 20_000, 200), clientOrderId: 'bid-1' };
    expect(await ada.request('place', { order: bid })).toMatchObject({
      answer: { status: 'filled', execution: { ordStatus: '2', cumQty: 200, avgPx: '2.000000' } },
    });
    await eventually('the report of the resting side', () =>
      Promise.resolve(bob.reports.length === 2),
    );
    expect(bob.reports).toMatchObject([
      { clientOrderId: 'offer-1', execType: '0', ordStatus: '0', cumQty: 0, leavesQty: 500 },
      {
        ...{ clientOrderId: 'offer-1', execType: 'F', ordStatus: '1', cumQty: 200, leavesQty: 300 },
        ...{ lastQty: 200, lastPx: 20_000, avgPx: '2.000000', fee: 4_000 },
      },
    ]);
    expect(ada.reports).toMatchObject([
      { clientOrderId: 'bid-1', execType: '0', ordStatus: '0', leavesQty: 200 },
      { clientOrderId: 'bid-1', execType: 'F', ordStatus: '2', leavesQty: 0, fee: 10_000 },
    ]);
  });

  it('replaces and cancels by the reference of the client, and knows what became of it', async () => {
    const bob = await connect(story.bob);
    await bob.request('place', {
      order: { ...story.limit('sell', 30_000, 100), clientOrderId: 'again' },
    });
    const change = { priceTicks: 30_000, quantityLots: 60 };
    expect(await bob.request('replace', { clientOrderId: 'again', change })).toMatchObject({
      answer: { keptPriority: true, leavesLots: 60 },
    });
    expect(await bob.request('cancel', { clientOrderId: 'again' })).toHaveProperty('answer.id');
    expect(await bob.request('status', { clientOrderId: 'again' })).toMatchObject({
      answer: { status: 'cancelled', cancelReason: 'requested', execution: { ordStatus: '4' } },
    });
    expect(await bob.request('cancel', { clientOrderId: 'again' })).toMatchObject({
      refusal: { code: 'order_not_open', details: { cxlRejReason: 0 } },
    });
    expect(await bob.request('status', { clientOrderId: 'never-sent' })).toMatchObject({
      refusal: { code: 'order_unknown' },
    });
    expect(bob.reports.map(({ execType }) => execType)).toEqual(['0', '5', '4']);
  });

  it('refuses what cannot be, with the reason of FIX and the numbers behind it', async () => {
    const ada = await connect(story.ada);
    const dear = story.limit('buy', 1_000_000, 500_000);
    expect(await ada.request('place', { order: dear })).toMatchObject({
      refusal: { code: 'insufficient_cash', details: { ordRejReason: 3 } },
    });
    const resting = { ...story.limit('buy', 100, 1), clientOrderId: 'twice' };
    await ada.request('place', { order: resting });
    expect(await ada.request('place', { order: resting })).toMatchObject({
      refusal: { code: 'duplicate_client_order_id', details: { ordRejReason: 6 } },
    });
    expect(await ada.request('cancel')).toMatchObject({ refusal: { code: 'order_not_named' } });
    expect(await ada.raw('{nonsense')).toMatchObject({ refusal: { code: 'message_malformed' } });
    expect(await ada.request('place', { order: { side: 'buy' } })).toMatchObject({
      refusal: { code: 'message_invalid' },
    });
  });

  it('cancels the orders of a party whose connection ends, where it asked for that', async () => {
    const ada = await connect(story.ada);
    await ada.request('cancel-on-disconnect', { enabled: true });
    const order = { ...story.limit('buy', 200, 1), orderId: randomUUID() };
    await ada.request('place', { order });
    ada.close();
    clients.filter((client) => client !== ada).forEach((client) => client.close());
    const asOperator = await clientOf(service, operator);
    await eventually('the cancel', async () => {
      const { body } = await asOperator.get(
        `/orders/${order.orderId}?partyId=${story.ada.partyId}`,
      );
      return body['cancelReason'] === 'disconnected';
    });
  });

  it('is for traders with a token', async () => {
    const refused = OrderEntryClient.connect(service, { ...operator, roles: ['market-operator'] });
    await expect(refused).rejects.toThrow('403');
    const plain = await fetch(`${service.url}/order-entry`);
    expect(plain.status).toBe(401);
    const ada = await clientOf(service, story.ada);
    expect((await ada.get('/order-entry')).body).toMatchObject({
      code: 'order_entry_expects_websocket',
    });
  });
});
