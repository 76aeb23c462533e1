import { randomUUID } from 'node:crypto';
import { clientOf } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriesCountMax } from '../src/provider/provider.decider.js';
import { recordCrowdedProvider } from './crowded-provider.js';
import { openWorld, type World } from './world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('A provider with as many series as one may have', () => {
  it('is told its coverage, whole', async () => {
    const { providerId, seriesIds } = await recordCrowdedProvider(world, seriesCountMax);
    const reader = await clientOf(world.service, { partyId: randomUUID(), roles: ['auditor'] });
    const { status, body } = await reader.get(`/providers/${providerId}/coverage`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ covered: true });
    expect(body['mintable']).toHaveLength(seriesIds.length);
  });
});
