import { randomUUID } from 'node:crypto';
import { FixedClock } from '@specie/nest-platform';
import type { Actor } from '@specie/service-testing';
import { clientOf, eventually } from '@specie/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  agent,
  confirmed,
  newcomer,
  openSeries,
  openWorld,
  provider,
  redemption,
  usage,
} from './meter.js';
import type { World } from './meter.js';

const begin = '2026-03-01T12:00:00.000Z';
const tomorrow = '2026-03-02T12:00:00.000Z';
const instant = (offsetMs: number, from = begin): string =>
  new Date(Date.parse(from) + offsetMs).toISOString();
const hourMs = 3_600_000;

const clock = new FixedClock(begin);
let world: World;
let ada: Actor;
beforeAll(async () => {
  world = await openWorld(clock);
});
beforeEach(async () => {
  clock.set(begin);
  ada = await newcomer(world);
});
afterAll(() => world.close());

/** A reservation for a day from `begin`, without usage in arrears. */
const forADay = (tokens = 1_000n): Promise<string> =>
  confirmed(world, ada, tokens, { usageFromAt: undefined, expiresAt: tomorrow });
const record = (startedAt: string, seconds: number) => usage(randomUUID(), { startedAt, seconds });

async function report(reservationId: string, ...records: readonly unknown[]) {
  const asAgent = await clientOf(world.service, agent);
  return asAgent.post(`/reservations/${reservationId}/usage`, { records });
}
async function read(reservationId: string) {
  return (await (await clientOf(world.service, ada)).get(`/reservations/${reservationId}`)).body;
}

describe('The interval of a usage record', () => {
  it('ends in the past: what is still to come cannot be billed', async () => {
    const reservationId = await forADay();
    expect(await report(reservationId, record(clock.now(), 2_592_000))).toMatchObject({
      status: 422,
      body: { code: 'usage_in_future', violations: [{ path: 'body.records.0' }] },
    });
    clock.set(instant(5 * hourMs));
    expect(await report(reservationId, record(begin, 10 * 3_600))).toMatchObject({
      status: 422,
      body: { code: 'usage_in_future' },
    });
    expect(await read(reservationId)).toMatchObject({ captured: '0.000000', usageCount: 0 });
    expect(await report(reservationId, record(begin, 5 * 3_600))).toMatchObject({ status: 200 });
    expect(await read(reservationId)).toMatchObject({ captured: '5.000000', usageCount: 1 });
  });

  it('ends before the reservation does', async () => {
    const reservationId = await forADay();
    clock.set(instant(60_000, tomorrow));
    expect(
      await report(
        reservationId,
        record(instant(-hourMs, tomorrow), 3_600),
        record(instant(-hourMs, tomorrow), 3_601),
      ),
    ).toMatchObject({
      status: 422,
      body: { code: 'usage_after_expiry', violations: [{ path: 'body.records.1' }] },
    });
    expect(await read(reservationId)).toMatchObject({ captured: '0.000000' });
  });

  it('begins after the reservation was asked for, unless the holder agreed to arrears', async () => {
    const since = instant(-48 * hourMs);
    const [plain, inArrears] = [
      await forADay(),
      await confirmed(world, ada, 10n, { usageFromAt: since, expiresAt: tomorrow }),
    ];
    const earlier = record(instant(-hourMs), 60);
    expect(await report(plain, earlier)).toMatchObject({
      status: 422,
      body: { code: 'usage_before_reservation', violations: [{ path: 'body.records.0' }] },
    });
    const asAdmin = await clientOf(world.service, provider);
    const ancient = [record('2016-09-04T17:30:41.000Z', 60)];
    for (const reservationId of [plain, inArrears]) {
      expect(
        await asAdmin.post(`/reservations/${reservationId}/usage`, {
          records: ancient,
          backfill: true,
        }),
      ).toMatchObject({ status: 422, body: { code: 'usage_before_reservation' } });
    }
    expect(await report(inArrears, earlier)).toMatchObject({ status: 200, body: { counted: 1 } });
    expect(await read(inArrears)).toMatchObject({ usageFromAt: since });
    expect(await read(plain)).toMatchObject({ usageFromAt: begin });
  });
});

describe('Finished work that is reported late', () => {
  it('counts 3 s after the expiry, and the hold is released when the grace is over', async () => {
    const reservationId = await forADay(10n);
    const { graceEndsAt } = await read(reservationId);
    expect(graceEndsAt).toBe(instant(hourMs, tomorrow));
    clock.set(instant(3_000, tomorrow));
    // Two sweeps pass: an expired reservation that was closed would not take the record.
    const other = await confirmed(world, ada, 1n, { expiresAt: instant(3_001, tomorrow) });
    const waiting = await (
      await clientOf(world.service, ada)
    ).post('/reservations', redemption('1', { expiresAt: instant(4_000, tomorrow) }));
    clock.set(instant(5_000, tomorrow));
    await eventually(
      'a sweep',
      async () => (await read(String(waiting.body['id'])))['status'] === 'refused',
    );
    expect(await read(other)).toMatchObject({ status: 'confirmed' });
    expect(
      await report(reservationId, record(instant(-2 * hourMs, tomorrow), 7_200)),
    ).toMatchObject({ status: 200, body: { counted: 1 } });
    expect(await read(reservationId)).toMatchObject({ status: 'confirmed', captured: '2.000000' });
    clock.set(instant(hourMs, tomorrow));
    expect(await report(reservationId, record(instant(-hourMs, tomorrow), 60))).toMatchObject({
      status: 409,
      body: { code: 'reservation_closed' },
    });
    await eventually('the release', async () => (await read(reservationId))['status'] === 'closed');
    expect(await read(reservationId)).toMatchObject({
      reason: 'expired',
      captured: '2.000000',
      released: '8.000000',
    });
  });
});

describe('The interval of a reservation', () => {
  it('is refused where it is empty or ends after the delivery window of its series', async () => {
    const seriesId = randomUUID();
    await openSeries(world, { seriesId, providerId: provider.partyId, windowToOn: '2026-03-31' });
    const asAda = await clientOf(world.service, ada);
    const ask = (fields: Readonly<Record<string, unknown>>) =>
      asAda.post('/reservations', redemption('1', { seriesId, usageFromAt: undefined, ...fields }));
    expect(await ask({ expiresAt: '2026-04-01T00:00:00.001Z' })).toMatchObject({
      status: 422,
      body: { code: 'expiry_after_delivery_window' },
    });
    expect(await ask({ expiresAt: tomorrow, usageFromAt: tomorrow })).toMatchObject({
      status: 422,
      body: { code: 'usage_interval_empty' },
    });
    expect((await ask({ expiresAt: '2026-04-01T00:00:00.000Z' })).status).toBe(202);
  });
});
