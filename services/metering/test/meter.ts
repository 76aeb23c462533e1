import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import type { Clock } from '@specie/nest-platform';
import { ServiceWorld, type Actor } from '@specie/service-testing';
import { clientOf, createTestDatabase, eventually } from '@specie/testing';
import { expect } from 'vitest';
import { meteringService } from '../src/app.module.js';

export const seriesId = '5e51e500-0000-4000-8000-000000000001';
export const agent = {
  partyId: 'a9e47000-0000-4000-8000-000000000001',
  roles: ['gpu-agent'] as const,
};
export const provider = {
  partyId: 'a9e47000-0000-4000-8000-000000000001',
  roles: ['provider-admin'] as const,
};

/** Metering on its own database, with the logs of compliance and the issuer beside it. */
export type World = ServiceWorld<'compliance' | 'issuance' | 'audit'>;

/** Metering that decides commands already, and the logs beside it. */
export async function openEmptyWorld(clock?: Clock, { withPreviews = false } = {}): Promise<World> {
  const world = await ServiceWorld.open({
    peers: ['compliance', 'issuance', 'audit'],
    createDatabase: createTestDatabase,
    ...(clock ? { clock } : {}),
  });
  const started = withPreviews
    ? world.startWithPreviews(meteringService)
    : world.start(meteringService);
  await (await started).writing();
  return world;
}

/** A world in which the provider of the series may report usage. */
export async function openWorld(
  clock?: Clock,
  options: Parameters<typeof openEmptyWorld>[1] = {},
): Promise<World> {
  const world = await openEmptyWorld(clock, options);
  await world.allow(provider.partyId, 'issue');
  await openSeries(world, { seriesId, providerId: provider.partyId });
  return world;
}

/** The issuer opens a series; resolves once metering knows whose it is. */
export async function openSeries(
  world: World,
  series: { readonly seriesId: string; readonly providerId: string; readonly windowToOn?: string },
): Promise<void> {
  await announceSeries(world, series);
  await eventually('the series', async () => {
    const rows = await world.service.dataSource.query<unknown[]>(
      'select 1 from series where series_id = $1',
      [series.seriesId],
    );
    return rows.length === 1;
  });
}

export function announceSeries(
  world: World,
  { seriesId: id, providerId, windowToOn = '2099-12-31' }: Parameters<typeof openSeries>[1],
): Promise<void> {
  return world.publish('issuance', streamIds.provider(providerId), 'issuance.series-opened', {
    providerId,
    seriesId: id,
    treasuryAccountId: randomUUID(),
    windowFromOn: '2016-01-01',
    windowToOn,
    skus: ['H100-SXM'],
    region: 'eu-north',
    transferable: true,
  });
}

/** The issuer answers the request of a reservation. */
export async function hold(
  world: World,
  reservation: { readonly partyId: string; readonly reservationId: string },
  quantity: bigint,
): Promise<void> {
  const { partyId, reservationId } = reservation;
  const accountId = randomUUID();
  await world.publish('issuance', streamIds.account(accountId), 'issuance.tokens-held', {
    accountId,
    seriesId,
    partyId,
    holdId: reservationId,
    quantity,
    draws: [],
    expiresAt: '2099-01-01T00:00:00.000Z',
  });
}

/** By default in arrears: usage since 2017 counts. */
export const redemption = (quantity: string, fields: Readonly<Record<string, unknown>> = {}) => ({
  seriesId,
  sku: 'H100-SXM',
  quantity,
  usageFromAt: '2017-01-01T00:00:00.000Z',
  expiresAt: '2098-12-31T00:00:00.000Z',
  ...fields,
});

/** A party that may redeem. */
export async function newcomer(world: World): Promise<Actor> {
  const actor: Actor = { partyId: randomUUID(), roles: ['founder'] };
  await world.allow(actor.partyId, 'redeem');
  return actor;
}

/** A reservation that the issuer has answered with a hold. */
export async function confirmed(
  world: World,
  actor: Actor,
  tokens: bigint,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const client = await clientOf(world.service, actor);
  const answer = await client.post('/reservations', redemption(String(tokens), fields));
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  const reservationId = String(answer.body['id']);
  await hold(world, { partyId: actor.partyId, reservationId }, tokens * 1_000_000n);
  await eventually('the hold', async () => {
    const { body } = await client.get(`/reservations/${reservationId}`);
    return body['status'] === 'confirmed';
  });
  return reservationId;
}

export const usage = (recordId: string, fields: Readonly<Record<string, unknown>> = {}) => ({
  source: 'urn:gpu:north/node-7',
  recordId,
  gpuCount: 1,
  startedAt: new Date(Date.now() - 3_600_000).toISOString(),
  seconds: 3_600,
  ...fields,
});
