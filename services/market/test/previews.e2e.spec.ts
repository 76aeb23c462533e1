import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import type { CommandContext } from '@specie/event-sourcing';
import { type ServiceApp } from '@specie/nest-platform';
import { describePreviews, type Actor } from '@specie/service-testing';
import { clientOf, eventually, type Client } from '@specie/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { marketService } from '../src/app.module.js';
import { PublishReferencePriceHandler } from '../src/market-data/publish-reference-price.handler.js';
import { AdvanceTimeHandler } from '../src/session/advance-time.handler.js';
import { traderOf } from './session-story.js';
import { openMarket, openVenue, operator, type Story, type Venue } from './open-venue.js';

let venue: Venue;
let story: Story;
let asAda: Client;
let asBob: Client;
let asOperator: Client;
let service: ServiceApp;

/** As a command of the market's own. */
function ownContext(now: string): CommandContext {
  const commandId = randomUUID();
  return {
    ...{ commandId, correlationId: commandId, causationId: commandId, now },
    actor: 'service:market',
  };
}

beforeAll(async () => {
  venue = await openVenue();
  service = await venue.startWithPreviews(marketService);
  story = await openMarket(venue, service);
  asAda = await clientOf(service, story.ada);
  asBob = await clientOf(service, story.bob);
  asOperator = await clientOf(service, operator);
});
afterAll(() => venue.close());

it('previews orders, accepted and refused', async () => {
  const { ada, limit, terms } = story;
  const statuses = [
    await asOperator.post('/books', { ...terms, makerFeePpm: 1_100 }),
    await asBob.post('/orders', limit('sell', 10_000, 100)),
    await asAda.post('/orders', limit('buy', 10_000, 40)),
    await asAda.post('/orders', limit('buy', 100_000, 1_000_000)),
  ].map(({ status }) => status);
  expect(statuses).toEqual([409, 201, 201, 409]);
  const order = { ...limit('buy', 9_000, 10), orderId: randomUUID() };
  expect((await asAda.post('/orders', order)).status).toBe(201);
  expect((await asAda.post('/orders', order)).body).toMatchObject({ leavesLots: 10 });
  const path = `/orders/${order.orderId}`;
  expect((await asAda.put(path, { priceTicks: 9_000, quantityLots: 5 })).status).toBe(200);
  expect((await asAda.put(path, { priceTicks: 0, quantityLots: 5 })).status).toBe(422);
  expect((await asAda.remove(`/orders/${order.orderId}`)).status).toBe(200);
  expect((await asAda.remove(`/orders/${order.orderId}`)).status).toBe(409);
  await asAda.post('/orders', limit('buy', 9_000, 10));
  const cancelled = await asOperator.post(`/parties/${ada.partyId}/order-cancellations`);
  expect(cancelled.body).toMatchObject({ cancelled: 1 });
});

it('previews a reference price', async () => {
  const publish = service.app.get(PublishReferencePriceHandler, { strict: false });
  const window = {
    seriesId: story.seriesId,
    windowStartsAt: '2026-03-02T11:00:00.000Z',
    windowEndsAt: '2026-03-02T12:00:00.000Z',
    ...{ throughTradeNumber: 3, minimumTrades: 1 },
    ...{ tradeCount: 1, volumeLots: 40, notional: 400_000 },
  };
  const context = ownContext('2026-03-02T12:00:01.000Z');
  expect(await publish.handle(window, context)).toMatchObject({ outcome: 'accepted' });
});

it('previews cash and tokens in and out', async () => {
  const { bob, seriesId } = story;
  const withdraw = (amount: string) => asAda.post('/cash-withdrawals', { currency: 'USD', amount });
  expect((await withdraw('5')).status).toBe(201);
  expect((await withdraw('5000')).status).toBe(409);
  const ids = [randomUUID(), randomUUID()] as const;
  for (const [index, withdrawalId] of ids.entries()) {
    const request = { withdrawalId, seriesId, quantity: '2' };
    expect((await asBob.post('/token-withdrawals', request)).status).toBe(202);
    const type = `issuance.withdrawal-${index === 0 ? 'settled' : 'refused'}`;
    const data = { withdrawalId, seriesId, partyId: bob.partyId, quantity: 2_000_000n };
    await venue.publish('issuance', streamIds.withdrawal(bob.partyId, withdrawalId), type, {
      ...data,
      ...(index === 0 ? {} : { reason: 'party_ineligible' }),
    });
  }
  await eventually('both answers', async () => {
    const shown = await Promise.all(ids.map((id) => asBob.get(`/token-withdrawals/${id}`)));
    const statuses = shown.map(({ body }) => body['status']);
    return statuses.join() === 'completed,reverted';
  });
});

it('previews sessions and controls', async () => {
  const { ada, seriesId, limit } = story;
  const put = async (actor: Actor, path: string, body: unknown): Promise<number> =>
    (await (await traderOf(venue.service, actor)).put(path, body)).status;
  await asAda.post('/orders', limit('buy', 9_000, 10));
  const advanceTime = service.app.get(AdvanceTimeHandler, { strict: false });
  expect(await advanceTime.handle(ownContext(new Date().toISOString()))).toMatchObject({
    outcome: 'accepted',
  });
  const switchOf = `/parties/${ada.partyId}/kill-switch`;
  const bands = { staticLowTicks: 1, staticHighTicks: 90_000, dynamicPpm: 0 };
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const calendar = { changes: [{ days, at: '00:00', phase: 'pre_open' }] };
  expect([
    await put(operator, switchOf, { engaged: true }),
    await put(ada, '/kill-switch', { engaged: false }),
    await put(operator, switchOf, { engaged: false }),
    await put(operator, `/parties/${ada.partyId}/order-limit`, { openOrdersMax: 9 }),
    await put(operator, `/books/${seriesId}/bands`, bands),
    await put(operator, `/books/${seriesId}/bands`, { ...bands, staticLowTicks: 90_001 }),
    await put(operator, `/books/${seriesId}/phase`, { phase: 'closed' }),
    await put(operator, `/books/${seriesId}/phase`, { phase: 'closed' }),
    await put(operator, `/books/${seriesId}/calendar`, calendar),
  ]).toEqual([200, 409, 200, 200, 200, 422, 200, 409, 200]);
  await eventually('the phase of the calendar', async () => {
    const shown = (await asAda.get(`/books/${seriesId}/session`)).body;
    return shown['phase'] === 'pre_open';
  });
});

describePreviews(() => venue.previews);
