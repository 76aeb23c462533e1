import { streamIds } from '@specie/contracts';
import { FixedClock } from '@specie/nest-platform';
import { describePreviews } from '@specie/service-testing';
import { clientOf, eventually, type Client } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  confirmed,
  newcomer,
  openWorld,
  provider,
  redemption,
  seriesId,
  usage,
  type World,
} from './meter.js';

const expiresAt = '2026-03-01T13:00:00.000Z';
const startedAt = '2026-03-01T10:00:00.000Z';
const clock = new FixedClock('2026-03-01T12:00:00.000Z');

let world: World;
let asAgent: Client;
beforeAll(async () => {
  world = await openWorld(clock, { withPreviews: true });
  asAgent = await clientOf(world.service, provider);
});
afterAll(() => world.close());

describe('Every command', () => {
  it('is taken and refused', async () => {
    const ada = await newcomer(world);
    const asAda = await clientOf(world.service, ada);
    const statusOf = async (reservationId: string) =>
      (await asAda.get(`/reservations/${reservationId}`)).body['status'];
    const used = await confirmed(world, ada, 2n, { expiresAt });
    const waiting = String((await asAda.post('/reservations', redemption('1'))).body['id']);
    const unfit = redemption('1', { expiresAt: startedAt });
    expect((await asAda.post('/reservations', unfit)).body['code']).toBe('expiry_in_past');
    const charge = async (...records: readonly unknown[]) =>
      (await asAgent.post(`/reservations/${used}/usage`, { records })).body;
    const hour = usage('1', { startedAt });
    expect(await charge(hour, hour)).toMatchObject({ counted: 1, duplicates: 1 });
    expect(await charge(hour)).toMatchObject({ counted: 0, duplicates: 1 });
    expect((await charge(usage('2', { startedAt, gpuCount: 2 })))['code']).toBe(
      'usage_exceeds_hold',
    );
    expect((await asAda.post(`/reservations/${waiting}/closing`)).body['code']).toBe(
      'hold_pending',
    );
    await world.publish('issuance', streamIds.hold(waiting), 'issuance.hold-refused', {
      ...{ holdId: waiting, seriesId, partyId: ada.partyId },
      reason: 'insufficient_tokens',
    });
    await eventually('the refusal', async () => (await statusOf(waiting)) === 'refused');
    const unused = await confirmed(world, ada, 3n);
    expect((await asAda.post(`/reservations/${unused}/closing`)).status).toBe(200);
    clock.set('2026-03-01T14:00:00.000Z');
    await eventually('the end of the grace', async () => (await statusOf(used)) === 'closed');
  });
});

describePreviews(() => world.previews);
