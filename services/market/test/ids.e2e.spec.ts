import { randomUUID } from 'node:crypto';
import type { ServiceApp } from '@specie/nest-platform';
import { clientOf, eventually, type Answer, type Client } from '@specie/testing';
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

let venue: Venue;
let service: ServiceApp;
let story: Story;
let asAda: Client;
let asBob: Client;
let asOperator: Client;

const refusal = ({ status, body }: Answer) => [status, body['code']];
const tokensOf = async (partyId: string) => {
  const { body } = await asOperator.get(`/parties/${partyId}/balances`);
  return (body['tokens'] as { available: string }[])[0]?.available;
};
/** Time passes and prices are published meanwhile. */
const recorded = async () =>
  (await service.store.readStream(shardStreamId)).filter(({ type }) =>
    type.startsWith('market.order-'),
  ).length;

beforeAll(async () => {
  venue = await openVenue();
  service = await startMarket(venue);
});
beforeEach(async () => {
  story = await openMarket(venue, service);
  asAda = await clientOf(service, story.ada);
  asBob = await clientOf(service, story.bob);
  asOperator = await clientOf(service, operator);
});
afterAll(() => venue.close());

describe('Tokens put into escrow', () => {
  it('are credited though their id names an order of the same party', async () => {
    const { bob, limit, seriesId } = story;
    const id = randomUUID();
    await asBob.post('/orders', { ...limit('sell', 10_000, 10), orderId: id });
    expect((await asBob.remove(`/orders/${id}`)).status).toBe(200);
    await escrow(venue, { partyId: bob.partyId, seriesId }, 100_000_000n, id);
    await eventually('the credit', async () => (await tokensOf(bob.partyId)) === '200.000000');
  });

  it('are credited though anybody placed, and was refused, an order with their id', async () => {
    const { bob, limit, seriesId } = story;
    const id = randomUUID();
    const unpaid = { ...limit('sell', 10_000, 10), orderId: id };
    expect(refusal(await asAda.post('/orders', unpaid))).toEqual([409, 'insufficient_tokens']);
    await escrow(venue, { partyId: bob.partyId, seriesId }, 100_000_000n, id);
    await eventually('the credit', async () => (await tokensOf(bob.partyId)) === '200.000000');
  });

  it('are credited to each of two parties, and once however often they are told', async () => {
    const { ada, bob, seriesId } = story;
    const id = randomUUID();
    for (const { partyId } of [ada, bob, ada, bob]) {
      await escrow(venue, { partyId, seriesId }, 7_000_000n, id);
    }
    await escrow(venue, { partyId: bob.partyId, seriesId }, 1_000_000n);
    await eventually('the last', async () => (await tokensOf(bob.partyId)) === '108.000000');
    expect(await tokensOf(ada.partyId)).toBe('7.000000');
  });
});

describe('An id', () => {
  it('names a withdrawal of each kind, an order and a deposit at once', async () => {
    const { bob, limit, seriesId } = story;
    const id = randomUUID();
    const cash = { currency: 'USD', amount: '5' };
    const answers = [
      await asOperator.post('/cash-deposits', { ...cash, depositId: id, partyId: bob.partyId }),
      await asBob.post('/cash-withdrawals', { ...cash, withdrawalId: id }),
      await asBob.post('/token-withdrawals', { seriesId, quantity: '5', withdrawalId: id }),
      await asBob.post('/orders', { ...limit('sell', 30_000, 1), orderId: id }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 202, 201]);
  });

  it('repeated with the same content is answered alike, with another it is refused', async () => {
    const { ada, bob, limit, seriesId } = story;
    const id = randomUUID();
    const order = { ...limit('buy', 10_000, 10), orderId: id };
    await asAda.post('/orders', order);
    await asBob.post('/orders', limit('sell', 10_000, 4));
    expect(await asAda.post('/orders', order)).toMatchObject({
      status: 201,
      body: { id, status: 'open', filledLots: 4, leavesLots: 6 },
    });
    const repeats: readonly (readonly [Client, string, object, object])[] = [
      [asAda, '/orders', order, { ...order, quantityLots: 11 }],
      [
        asOperator,
        '/cash-deposits',
        { depositId: id, partyId: ada.partyId, currency: 'USD', amount: '5' },
        { depositId: id, partyId: bob.partyId, currency: 'USD', amount: '5' },
      ],
      [
        asAda,
        '/cash-withdrawals',
        { withdrawalId: id, currency: 'USD', amount: '5' },
        { withdrawalId: id, currency: 'USD', amount: '6' },
      ],
      [
        asBob,
        '/token-withdrawals',
        { withdrawalId: id, seriesId, quantity: '5' },
        { withdrawalId: id, seriesId, quantity: '6' },
      ],
    ];
    for (const [client, path, first, other] of repeats) {
      const answers = [await client.post(path, first), await client.post(path, first)];
      expect(answers[1]?.status, path).toBe(answers[0]?.status);
      expect(answers[1]?.body['id'], path).toBe(id);
      const code = path === '/orders' ? 'order_exists_differently' : 'movement_exists_differently';
      expect(refusal(await client.post(path, other)), path).toEqual([409, code]);
    }
  });

  it('of an order belongs to its party; who sees all says whose', async () => {
    const { ada, bob, limit } = story;
    const id = randomUUID();
    await asAda.post('/orders', { ...limit('buy', 10_000, 10), orderId: id });
    await asBob.post('/orders', { ...limit('sell', 30_000, 20), orderId: id });
    expect((await asAda.get(`/orders/${id}`)).body).toMatchObject({ partyId: ada.partyId });
    expect((await asBob.get(`/orders/${id}`)).body).toMatchObject({ partyId: bob.partyId });
    expect(refusal(await asOperator.get(`/orders/${id}`))).toEqual([409, 'order_ambiguous']);
    expect(refusal(await asOperator.remove(`/orders/${id}`))).toEqual([409, 'order_ambiguous']);
    expect(refusal(await asAda.remove(`/orders/${id}?partyId=${bob.partyId}`))).toEqual([
      403,
      'not_your_account',
    ]);
    expect((await asOperator.remove(`/orders/${id}?partyId=${bob.partyId}`)).status).toBe(200);
    expect((await asBob.get(`/orders/${id}`)).body).toMatchObject({ status: 'cancelled' });
    expect((await asAda.get(`/orders/${id}`)).body).toMatchObject({ status: 'open' });
  });
});

describe('A refused order', () => {
  it('is one thing to everybody who asks: refused, and why', async () => {
    const { ada, limit } = story;
    const order = { ...limit('buy', 100_000, 20_000), orderId: randomUUID() };
    const path = `/orders/${order.orderId}`;
    expect(refusal(await asAda.post('/orders', order))).toEqual([409, 'insufficient_cash']);
    const { seriesId, orderId, priceTicks, quantityLots } = order as Record<string, unknown>;
    expect((await asAda.get(path)).body).toMatchObject({
      ...{ seriesId, orderId, priceTicks, quantityLots },
      partyId: ada.partyId,
      status: 'refused',
      refusalReason: 'insufficient_cash',
    });
    expect(await asAda.remove(path)).toMatchObject({
      status: 409,
      body: { code: 'order_refused', violations: [{ code: 'insufficient_cash' }] },
    });
    const before = await recorded();
    const deposit = { partyId: ada.partyId, currency: 'USD', amount: '1000000' };
    await asOperator.post('/cash-deposits', deposit);
    expect(refusal(await asAda.post('/orders', order))).toEqual([409, 'insufficient_cash']);
    expect(refusal(await asAda.post('/orders', { ...order, quantityLots: 1 }))).toEqual([
      409,
      'order_exists_differently',
    ]);
    expect(await recorded()).toBe(before);
  });

  it('is shown to its owner and to who sees all, and to nobody else', async () => {
    const order = { ...story.limit('buy', 100_000, 20_000), orderId: randomUUID() };
    const path = `/orders/${order.orderId}`;
    await asAda.post('/orders', order);
    expect(refusal(await asBob.get(path))).toEqual([404, 'order_unknown']);
    expect(refusal(await asBob.remove(path))).toEqual([404, 'order_unknown']);
    expect((await asOperator.get(path)).body).toMatchObject({ status: 'refused' });
  });
});

describe('A stranger', () => {
  it('is refused before anything is recorded', async () => {
    const mallory = await clientOf(service, { partyId: randomUUID(), roles: ['investor'] });
    const before = await recorded();
    const order = { ...story.limit('buy', 10_000, 10), orderId: randomUUID() };
    expect(refusal(await mallory.post('/orders', order))).toEqual([403, 'party_unknown']);
    expect(refusal(await mallory.get(`/orders/${order.orderId}`))).toEqual([404, 'order_unknown']);
    const amount = { currency: 'USD', amount: '1' };
    expect(refusal(await mallory.post('/cash-withdrawals', amount))).toEqual([
      403,
      'party_ineligible',
    ]);
    expect(await recorded()).toBe(before);
  });

  it('leaves a trace once compliance told of the party, though it may not trade', async () => {
    const carl = { partyId: randomUUID(), roles: ['investor'] as const };
    await venue.allow(carl.partyId, 'redeem');
    const before = await recorded();
    const order = story.limit('buy', 10_000, 10);
    expect(refusal(await (await clientOf(service, carl)).post('/orders', order))).toEqual([
      403,
      'party_ineligible',
    ]);
    expect(await recorded()).toBe(before + 1);
  });
});
