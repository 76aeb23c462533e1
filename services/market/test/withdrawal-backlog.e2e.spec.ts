import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { FixedClock, type ServiceApp } from '@specie/nest-platform';
import { clientOf, eventually, send, type Client } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shardStreamId } from '../src/shard/shard-events.js';
import { openMarket, openVenue, startMarket, type Story, type Venue } from './open-venue.js';

const openMax = 10;
const clock = new FixedClock('2026-03-01T12:00:00.000Z');
let venue: Venue;
let service: ServiceApp;
let story: Story;
let bob: Client;

beforeAll(async () => {
  venue = await openVenue(clock);
  service = await startMarket(venue, 'market-a', { WITHDRAWALS_OPEN_MAX: String(openMax) });
  story = await openMarket(venue, service);
  bob = await clientOf(service, story.bob);
});
afterAll(() => venue.close());

const withdraw = (withdrawalId: string = randomUUID(), key?: string) =>
  bob.post('/token-withdrawals', { withdrawalId, seriesId: story.seriesId, quantity: '1' }, key);
const shown = async () => {
  const { status, body } = await send(`${service.url}/health/ready`, 'GET');
  return [status, (body['details'] as Readonly<Record<string, unknown>>)['withdrawals']];
};
const gauge = async (name: string): Promise<number> => {
  const { body } = await send(`${service.url}/metrics`, 'GET');
  return Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(String(body['text']))?.[1]);
};
const settle = (withdrawalId: string) =>
  venue.publish(
    'issuance',
    streamIds.withdrawal(story.bob.partyId, withdrawalId),
    'issuance.withdrawal-settled',
    { withdrawalId, seriesId: story.seriesId, partyId: story.bob.partyId, quantity: 1_000_000n },
  );
const openCount = (expected: number) =>
  eventually(`${expected} open withdrawals`, async () => {
    const [, signal] = await shown();
    return (signal as { readonly openCount: number }).openCount === expected;
  });

describe('The backlog of token withdrawals', () => {
  const open: string[] = [];
  const openOneMore = async () => {
    const id = randomUUID();
    expect((await withdraw(id)).status).toBe(202);
    open.push(id);
  };

  it('is a metric and a signal of health, by its age and by its number', async () => {
    expect(await shown()).toEqual([200, { status: 'up', openCount: 0, oldestSeconds: 0, openMax }]);
    await openOneMore();
    clock.advanceMs(30_000);
    await openOneMore();
    expect(await shown()).toMatchObject([200, { status: 'up', openCount: 2, oldestSeconds: 30 }]);
    clock.advanceMs(1_000);
    expect(await shown()).toMatchObject([200, { status: 'degraded', oldestSeconds: 31 }]);
    expect([
      await gauge('specie_open_withdrawals'),
      await gauge('specie_oldest_open_withdrawal_seconds'),
    ]).toEqual([2, 31]);
    await settle(open.shift() ?? '');
    await openCount(1);
    expect(await shown()).toMatchObject([200, { status: 'up', oldestSeconds: 1 }]);
    await openOneMore();
    await openOneMore();
    expect(await shown()).toMatchObject([200, { status: 'degraded', openCount: 3 }]);
  });

  it('refuses new ones at its limit, with a time to retry and without a trace', async () => {
    while (open.length < openMax) {
      await openOneMore();
    }
    const before = await service.store.readStream(shardStreamId);
    const [id, key] = [randomUUID(), randomUUID()];
    const refused = await withdraw(id, key);
    expect([refused.status, refused.body['code']]).toEqual([503, 'withdrawals_backlogged']);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await service.store.readStream(shardStreamId)).length).toBe(before.length);

    // One that is recorded has its place, under whatever key it is sent again.
    const [first = ''] = open;
    expect(await withdraw(first)).toMatchObject({ status: 202, body: { id: first } });
    expect((await service.store.readStream(shardStreamId)).length).toBe(before.length);

    // The refusal was not stored under its key: the same request goes through once there is room.
    await settle(first);
    await openCount(openMax - 1);
    expect(await withdraw(id, key)).toMatchObject({ status: 202, body: { id } });
  });
});
