import { createHash, randomUUID } from 'node:crypto';
import { eventCodec, streamIds } from '@specie/contracts';
import { canonicalJson } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import type { Actor } from '@specie/service-testing';
import { atoms, gpuSeconds } from '@specie/quantities';
import { clientOf, eventually, toldBy } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  agent,
  announceSeries,
  confirmed,
  newcomer,
  openSeries,
  openWorld,
  provider,
  seriesId,
  usage,
  type World,
} from './meter.js';

const rival = { partyId: randomUUID(), roles: ['gpu-agent'] as const };
const rivalSeriesId = randomUUID();

let world: World;
let ada: Actor;
beforeAll(async () => {
  world = await openWorld();
  await world.allow(rival.partyId, 'issue');
  await openSeries(world, { seriesId: rivalSeriesId, providerId: rival.partyId });
  ada = await newcomer(world);
});
afterAll(() => world.close());

const record = (fields: Readonly<Record<string, unknown>> = {}) => usage(randomUUID(), fields);
const eventCount = async (): Promise<number> =>
  (await world.service.store.readAll(0, 10_000)).length;

describe("Somebody else's hold", () => {
  it('takes no usage and no closing from the agent of another provider, before anything is recorded', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const path = `/reservations/${reservationId}`;
    const before = await eventCount();
    const asRival = await clientOf(world.service, rival);
    const asAdmin = await clientOf(world.service, {
      partyId: rival.partyId,
      roles: ['provider-admin'],
    });
    const refused = { status: 404, body: { code: 'reservation_unknown' } };
    expect(await asRival.post(`${path}/usage`, { records: [record()] })).toMatchObject(refused);
    expect(
      await asAdmin.post(`${path}/usage`, {
        records: [record({ startedAt: '2016-09-04T17:30:41Z' })],
        backfill: true,
      }),
    ).toMatchObject(refused);
    expect(await asRival.post(`${path}/closing`)).toMatchObject(refused);
    expect(await asAdmin.post(`${path}/closing`)).toMatchObject(refused);
    expect(await eventCount()).toBe(before);
  });

  it('is closed by its owner or the provider of its series, by nobody else', async () => {
    const path = `/reservations/${await confirmed(world, ada, 10n)}`;
    const asBob = await clientOf(world.service, await newcomer(world));
    expect(await asBob.post(`${path}/closing`)).toMatchObject({
      status: 404,
      body: { code: 'reservation_unknown' },
    });
    expect((await (await clientOf(world.service, agent)).post(`${path}/closing`)).status).toBe(200);
  });

  it('is as one that is not there, whatever is asked of it', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const strangers = [await newcomer(world), rival, { ...rival, partyId: randomUUID() }];
    for (const stranger of strangers) {
      const client = await clientOf(world.service, stranger);
      const asked = async (id: string) => [
        await client.get(`/reservations/${id}`),
        await client.get(`/reservations/${id}/usage`),
        await client.get(`/reservations/${id}/statement`),
        await client.post(`/reservations/${id}/usage`, { records: [record()] }),
        await client.post(`/reservations/${id}/closing`),
      ];
      expect((await asked(reservationId)).map(toldBy)).toEqual(
        (await asked(randomUUID())).map(toldBy),
      );
    }
  });

  it('takes nothing from an agent that compliance does not know, or has stopped', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const path = `/reservations/${reservationId}`;
    const refused = { status: 403, body: { code: 'party_ineligible' } };
    const before = await eventCount();
    const asStranger = await clientOf(world.service, {
      partyId: randomUUID(),
      roles: ['gpu-agent', 'provider-admin'],
    });
    expect(await asStranger.post(`${path}/usage`, { records: [record()] })).toMatchObject(refused);
    expect(await asStranger.post(`${path}/closing`)).toMatchObject(refused);
    const asAgent = await clientOf(world.service, agent);
    await world.allow(agent.partyId, 'redeem');
    expect(await asAgent.post(`${path}/usage`, { records: [record()] })).toMatchObject(refused);
    expect(await asAgent.post(`${path}/closing`)).toMatchObject(refused);
    await world.allow(agent.partyId, 'issue');
    expect(await eventCount()).toBe(before);
    expect((await asAgent.post(`${path}/usage`, { records: [record()] })).status).toBe(200);
  });

  it('keeps the record names of providers apart', async () => {
    const [mine, theirs] = [
      await confirmed(world, ada, 10n),
      await confirmed(world, ada, 10n, { seriesId: rivalSeriesId }),
    ];
    const [asAgent, asRival] = await Promise.all([
      clientOf(world.service, agent),
      clientOf(world.service, rival),
    ]);
    const named = record();
    const batch = { records: [named] };
    expect((await asRival.post(`/reservations/${theirs}/usage`, batch)).body).toMatchObject({
      counted: 1,
    });
    expect(await asAgent.post(`/reservations/${mine}/usage`, batch)).toMatchObject({
      status: 200,
      body: { counted: 1 },
    });
    expect((await asAgent.post(`/reservations/${mine}/usage`, batch)).body).toMatchObject({
      counted: 0,
      duplicates: 1,
    });
    const changed = { records: [record(), { ...named, seconds: 1 }, record()] };
    const key = randomUUID();
    for (const hit of [null, 'true']) {
      const refused = await asAgent.post(`/reservations/${mine}/usage`, changed, key);
      expect(refused).toMatchObject({
        status: 409,
        body: {
          code: 'usage_record_conflict',
          violations: [{ path: 'body.records.1', code: 'usage_record_conflict' }],
        },
      });
      expect(refused.body['detail']).toMatch(/^It is about body\.records at 1, counted from 0\. /);
      expect(refused.headers.get('idempotency-hit')).toBe(hit);
    }
  });

  it('waits for the issuer to tell whose series it is, and takes the same request then', async () => {
    const newSeriesId = randomUUID();
    const path = `/reservations/${await confirmed(world, ada, 10n, { seriesId: newSeriesId })}/usage`;
    const asAgent = await clientOf(world.service, agent);
    const batch = { records: [record()] };
    const early = await asAgent.post(path, batch, 'before-the-series');
    expect(early).toMatchObject({ status: 503, body: { code: 'series_not_known_yet' } });
    expect(early.headers.get('retry-after')).toBe('1');
    await openSeries(world, { seriesId: newSeriesId, providerId: provider.partyId });
    expect(await asAgent.post(path, batch, 'before-the-series')).toMatchObject({
      status: 200,
      body: { counted: 1 },
    });
  });

  it('is seen by the owner, the provider of its series and the auditor only', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const path = `/reservations/${reservationId}`;
    const statusOf = async (actor: Actor): Promise<readonly number[]> => {
      const client = await clientOf(world.service, actor);
      const answers = await Promise.all(
        [path, `${path}/usage`, `${path}/statement`].map((each) => client.get(each)),
      );
      return answers.map(({ status }) => status);
    };
    const seen = [200, 200, 200];
    expect(await statusOf(ada)).toEqual(seen);
    expect(await statusOf(agent)).toEqual(seen);
    expect(await statusOf({ partyId: randomUUID(), roles: ['auditor'] })).toEqual(seen);
    expect(await statusOf(rival)).toEqual([404, 404, 404]);
    const listed = async (actor: Actor): Promise<readonly unknown[]> => {
      const { body } = await (await clientOf(world.service, actor)).get('/reservations?limit=200');
      return (body['items'] as readonly Record<string, unknown>[]).map((row) => row['seriesId']);
    };
    expect(new Set(await listed(rival))).toEqual(new Set([rivalSeriesId]));
    expect(await listed(agent)).toContain(seriesId);
    expect(await listed(agent)).not.toContain(rivalSeriesId);
    const asRival = await clientOf(world.service, rival);
    expect((await asRival.get('/usage-totals')).body['items']).toMatchObject([
      { partyId: ada.partyId, reservations: 1 },
    ]);
  });

  it('knows a record again that was charged before names had providers', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const path = `/reservations/${reservationId}/usage`;
    const old = { ...record(), fraction7000: 7_000 };
    const evidenceHash = createHash('sha256')
      .update(canonicalJson({ reservationId, ...old }))
      .digest('hex');
    const usageId = derivedId('usage', old.source, old.recordId);
    const commandId = randomUUID();
    const appended = await world.service.store.append({
      commandId,
      streams: [
        {
          streamId: streamIds.usage(usageId),
          expectedVersion: 'no_stream',
          events: [
            eventCodec.encode({
              type: 'metering.usage-charged',
              data: {
                ...old,
                reservationId,
                partyId: ada.partyId,
                sku: 'H100-SXM',
                weightVersion: 1,
                weightPpm: 1_000_000,
                gpuSeconds: gpuSeconds(3_600n),
                atoms: atoms(25_200_000_000_000n),
                evidenceHash,
              },
            }),
          ],
        },
      ],
      metadata: {
        correlationId: commandId,
        causationId: commandId,
        actor: agent.partyId,
        idempotencyKey: null,
      },
      occurredAt: world.clock.now(),
    });
    expect(appended.outcome).toBe('appended');
    const asAgent = await clientOf(world.service, agent);
    expect((await asAgent.post(path, { records: [old] })).body).toMatchObject({
      counted: 0,
      duplicates: 1,
    });
    expect(await asAgent.post(path, { records: [{ ...old, seconds: 1 }] })).toMatchObject({
      status: 409,
      body: { code: 'usage_record_conflict' },
    });
    // It was charged by the provider of its series: the same name of another provider is another record.
    const theirs = await confirmed(world, ada, 10n, { seriesId: rivalSeriesId });
    const asRival = await clientOf(world.service, rival);
    expect(
      (await asRival.post(`/reservations/${theirs}/usage`, { records: [old] })).body,
    ).toMatchObject({ counted: 1 });
  });

  it('follows a series once, however often it is announced', async () => {
    const again = { seriesId: randomUUID(), providerId: provider.partyId };
    await openSeries(world, again);
    await announceSeries(world, again);
    const after = { seriesId: randomUUID(), providerId: provider.partyId };
    await openSeries(world, after);
    await eventually('both', async () => {
      const rows = await world.service.dataSource.query<unknown[]>(
        'select 1 from series where series_id = any($1::uuid[])',
        [[again.seriesId, after.seriesId]],
      );
      return rows.length === 2;
    });
  });
});
