import { randomUUID } from 'node:crypto';
import { streamIds } from '@specie/contracts';
import type { Clock } from '@specie/nest-platform';
import { ServiceWorld, type Actor } from '@specie/nest-platform/testing';
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

/** Metering that decides commands already. */
export async function openWorld(clock?: Clock): Promise<World> {
  const world = await ServiceWorld.open({
    peers: ['compliance', 'issuance', 'audit'],
    createDatabase: createTestDatabase,
    ...(clock ? { clock } : {}),
  });
  await (await world.start(meteringService)).writing();
  return world;
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

export const redemption = (quantity: string, expiresAt = '2098-12-31T00:00:00.000Z') => ({
  seriesId,
  sku: 'H100-SXM',
  quantity,
  expiresAt,
});

/** A party that may redeem. */
export async function newcomer(world: World): Promise<Actor> {
  const actor: Actor = { partyId: randomUUID(), roles: ['founder'] };
  await world.allow(actor.partyId, 'redeem');
  return actor;
}

/** A reservation that the issuer has answered with a hold. */
export async function confirmed(world: World, actor: Actor, tokens: bigint): Promise<string> {
  const client = await clientOf(world.service, actor);
  const answer = await client.post('/reservations', redemption(String(tokens)));
  expect(answer.status).toBe(202);
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
