import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import { FixedClock, type ServiceApp } from '@specie/nest-platform';
import type { Actor } from '@specie/service-testing';
import { clientOf, eventually } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reservationSubject } from '../src/reservation/reservation.subject.js';
import {
  agent,
  confirmed,
  hold,
  newcomer,
  openWorld,
  provider,
  redemption,
  usage,
  seriesId,
  type World,
} from './meter.js';

let world: World;
let service: ServiceApp;
let ada: Actor;

beforeAll(async () => {
  world = await openWorld();
  service = world.service;
  ada = await newcomer(world);
});
afterAll(() => world.close());

const record = (fields: Readonly<Record<string, unknown>> = {}) => usage(randomUUID(), fields);

describe('Metering', () => {
  it('holds first, charges exactly, and releases the rest', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const [asAda, asAgent] = await Promise.all([clientOf(service, ada), clientOf(service, agent)]);
    const path = `/reservations/${reservationId}`;
    const batch = {
      records: [record({ gpuCount: 2 }), record({ seconds: 1, fraction7000: 1_000 })],
    };
    expect(await asAgent.post(`${path}/usage`, batch)).toMatchObject({
      status: 200,
      body: { id: reservationId, counted: 2, duplicates: 0 },
    });
    expect((await asAda.get(path)).body).toMatchObject({
      status: 'confirmed',
      held: '10.000000',
      // Two hours and a seventh of a second: 2,000,039.68 micro-tokens, rounded up once.
      captured: '2.000040',
      open: '7.999960',
      usageCount: 2,
      gpuSeconds: '7201',
      atoms: '50401000000000',
      holdOverdue: false,
    });
    expect((await asAda.post(`${path}/closing`)).status).toBe(200);
    expect((await asAda.get(path)).body).toMatchObject({
      status: 'closed',
      reason: 'requested',
      released: '7.999960',
      open: '0.000000',
    });
    expect((await asAda.get(`${path}/statement`)).body).toMatchObject({
      items: [
        { sliceNumber: 1, usageCount: 2, captured: '2.000040', capturedCumulative: '2.000040' },
      ],
      nextCursor: null,
    });
    const page = (await asAda.get(`${path}/usage?limit=1`)).body;
    expect(page['items']).toMatchObject([{ gpuCount: 2, gpuSeconds: '7200' }]);
    const next = await asAda.get(`${path}/usage?limit=1&cursor=${String(page['nextCursor'])}`);
    expect(next.body).toMatchObject({
      items: [{ fraction7000: 1_000, seconds: 1 }],
      nextCursor: null,
    });
    expect(await asAgent.post(`${path}/usage`, { records: [record()] })).toMatchObject({
      status: 409,
      body: { code: 'reservation_closed' },
    });
  });

  it('counts a record once and refuses a changed one as a whole', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const asAgent = await clientOf(service, agent);
    const path = `/reservations/${reservationId}`;
    const [first, second, third] = [record(), record(), record()];
    await asAgent.post(`${path}/usage`, { records: [first, second] });
    expect(
      (await asAgent.post(`${path}/usage`, { records: [second, first, third, third] })).body,
    ).toMatchObject({ counted: 1, duplicates: 3 });
    const before = (await asAgent.get(path)).body;
    const changed = { records: [record(), { ...first, seconds: 3_601 }] };
    expect(await asAgent.post(`${path}/usage`, changed)).toMatchObject({
      status: 409,
      body: { code: 'usage_record_conflict' },
    });
    expect((await asAgent.get(path)).body).toEqual(before);
    expect(before).toMatchObject({ usageCount: 3, captured: '3.000000' });
    // The same record for another reservation is another content.
    const other = await confirmed(world, ada, 10n);
    expect(await asAgent.post(`/reservations/${other}/usage`, { records: [first] })).toMatchObject({
      status: 409,
      body: { code: 'usage_record_conflict' },
    });
    // One instant in two spellings is the same content.
    const respelled = { ...first, startedAt: first.startedAt.replace(/\.000Z$/, 'Z') };
    expect((await asAgent.post(`${path}/usage`, { records: [respelled] })).body).toMatchObject({
      counted: 0,
      duplicates: 1,
    });
  });

  it('repeats its answer for a repeated key (S9)', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const asAgent = await clientOf(service, agent);
    const batch = { records: [record()] };
    const first = await asAgent.post(`/reservations/${reservationId}/usage`, batch, 'batch-1');
    const again = await asAgent.post(`/reservations/${reservationId}/usage`, batch, 'batch-1');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-hit')).toBe('true');
    expect((await asAgent.get(`/reservations/${reservationId}`)).body).toMatchObject({
      usageCount: 1,
    });
  });

  it('never captures more than is held, says how much is left, and closes what is used up', async () => {
    const reservationId = await confirmed(world, ada, 2n);
    const asAgent = await clientOf(service, agent);
    const path = `/reservations/${reservationId}`;
    await asAgent.post(`${path}/usage`, { records: [record()] });
    const refused = await asAgent.post(`${path}/usage`, { records: [record({ seconds: 3_601 })] });
    expect(refused).toMatchObject({ status: 409, body: { code: 'usage_exceeds_hold' } });
    expect(String(refused.body['detail'])).toContain('1.000000 tokens');
    await asAgent.post(`${path}/usage`, { records: [record()] });
    expect((await asAgent.get(path)).body).toMatchObject({
      status: 'closed',
      reason: 'exhausted',
      captured: '2.000000',
      released: '0.000000',
    });
  });

  it('counts each record once when two batches race', async () => {
    const reservationId = await confirmed(world, ada, 1_000n);
    const asAgent = await clientOf(service, agent);
    const records = Array.from({ length: 60 }, () => record());
    const batches = Array.from({ length: 8 }, (_unused, n) => ({
      records: records.slice(n * 4, n * 4 + 30),
    }));
    const answers = await Promise.all(
      batches.map((batch) => asAgent.post(`/reservations/${reservationId}/usage`, batch)),
    );
    expect(answers.map(({ status }) => status)).toEqual(batches.map(() => 200));
    expect(answers.reduce((sum, { body }) => sum + Number(body['counted']), 0)).toBe(58);
    expect((await asAgent.get(`/reservations/${reservationId}`)).body).toMatchObject({
      usageCount: 58,
      captured: '58.000000',
    });
  });

  it('takes old usage only as a backfill by the provider', async () => {
    const reservationId = await confirmed(world, ada, 10n);
    const [asAgent, asProvider] = await Promise.all([
      clientOf(service, agent),
      clientOf(service, provider),
    ]);
    const path = `/reservations/${reservationId}/usage`;
    const records = [record({ startedAt: '2017-09-04T17:30:41Z' })];
    expect(await asAgent.post(path, { records })).toMatchObject({
      status: 422,
      body: { code: 'usage_too_old' },
    });
    expect(await asAgent.post(path, { records, backfill: true })).toMatchObject({
      status: 403,
      body: { code: 'backfill_not_permitted' },
    });
    expect((await asProvider.post(path, { records, backfill: true })).body).toMatchObject({
      counted: 1,
    });
  });

  it('follows the refusal of a hold and shows no reservation of others', async () => {
    const [asAda, asEve] = await Promise.all([
      clientOf(service, ada),
      clientOf(service, { partyId: randomUUID(), roles: ['founder'] }),
    ]);
    const { body } = await asAda.post('/reservations', redemption('5'));
    const path = `/reservations/${String(body['id'])}`;
    expect(await asAda.post(`${path}/closing`)).toMatchObject({
      status: 409,
      body: { code: 'hold_pending' },
    });
    const holdId = String(body['id']);
    await world.publish('issuance', streamIds.hold(holdId), 'issuance.hold-refused', {
      holdId,
      seriesId,
      partyId: ada.partyId,
      reason: 'insufficient_tokens',
    });
    await eventually(
      'the refusal',
      async () => (await asAda.get(path)).body['status'] === 'refused',
    );
    expect((await asAda.get(path)).body).toMatchObject({
      reason: 'insufficient_tokens',
      open: '0.000000',
    });
    expect((await asEve.get(path)).status).toBe(404);
    expect(await asEve.post('/reservations', redemption('5'))).toMatchObject({
      status: 403,
      body: { code: 'party_ineligible' },
    });
    expect(await asEve.get(`/reservations?partyId=${ada.partyId}`)).toMatchObject({
      status: 403,
      body: { code: 'not_your_reservation' },
    });
  });

  it('sums usage by party, and attests what it answers', async () => {
    const bob = await newcomer(world);
    const [one, two] = [await confirmed(world, bob, 5n), await confirmed(world, bob, 5n)];
    const [asBob, asAgent] = await Promise.all([clientOf(service, bob), clientOf(service, agent)]);
    await asAgent.post(`/reservations/${one}/usage`, { records: [record({ seconds: 7 })] });
    await asAgent.post(`/reservations/${two}/usage`, {
      records: [record({ seconds: 11, gpuCount: 3 })],
    });
    expect((await asBob.get('/usage-totals')).body).toEqual({
      items: [
        {
          partyId: bob.partyId,
          reservations: 2,
          usageCount: 2,
          gpuSeconds: '40',
          atoms: '280000000000',
          captured: '0.011112',
        },
      ],
      nextCursor: null,
    });
    const rows = new Map(await reservationSubject.attested?.[0]?.read(service.dataSource.manager));
    expect(rows.get(two)).toEqual({
      partyId: bob.partyId,
      seriesId: redemption('1').seriesId,
      status: 'confirmed',
      held: '5.000000',
      captured: '0.009167',
      released: '0.000000',
      usageCount: 1,
      gpuSeconds: '33',
      atoms: '231000000000',
    });
  });
});

describe('Deadlines', () => {
  it('end what expired and show what waits too long', async () => {
    const clock = new FixedClock('2026-03-01T12:00:00.000Z');
    const other = await openWorld(clock);
    try {
      const timed = other.service;
      const eve = await newcomer(other);
      const asEve = await clientOf(timed, eve);
      const expiresAt = '2026-03-01T13:00:00.000Z';
      const waiting = String(
        (await asEve.post('/reservations', redemption('3', { expiresAt }))).body['id'],
      );
      const open = String(
        (await asEve.post('/reservations', redemption('4', { expiresAt }))).body['id'],
      );
      await hold(other, { partyId: eve.partyId, reservationId: open }, 4_000_000n);
      await eventually(
        'the hold',
        async () => (await asEve.get(`/reservations/${open}`)).body['status'] === 'confirmed',
      );
      expect((await asEve.get('/reservations?holdOverdue=true')).body['items']).toEqual([]);
      clock.set('2026-03-01T12:01:00.001Z');
      expect((await asEve.get('/reservations?holdOverdue=true')).body['items']).toMatchObject([
        { reservationId: waiting, holdOverdue: true },
      ]);
      clock.set(expiresAt);
      await eventually('the expiry', async () => {
        const [one, two] = await Promise.all(
          [waiting, open].map((id) => asEve.get(`/reservations/${id}`)),
        );
        return one?.body['status'] === 'refused' && two?.body['status'] === 'confirmed';
      });
      clock.set('2026-03-01T14:00:00.000Z');
      await eventually(
        'the end of the grace',
        async () => (await asEve.get(`/reservations/${open}`)).body['status'] === 'closed',
      );
      expect((await asEve.get(`/reservations/${open}`)).body).toMatchObject({
        reason: 'expired',
        released: '4.000000',
      });
      // The issuer answers after all: the hold is released at once.
      await hold(other, { partyId: eve.partyId, reservationId: waiting }, 3_000_000n);
      await eventually(
        'the late hold',
        async () => (await asEve.get(`/reservations/${waiting}`)).body['status'] === 'closed',
      );
      expect((await asEve.get(`/reservations/${waiting}`)).body).toMatchObject({
        held: '3.000000',
        captured: '0.000000',
        released: '3.000000',
      });
    } finally {
      await other.close();
    }
  });
});
