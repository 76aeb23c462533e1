import { FixedClock } from '@specie/nest-platform';
import { ServiceWorld } from '@specie/service-testing';
import { createTestDatabase } from '@specie/testing';
import { dealsService } from '../src/app.module.js';

export type World = ServiceWorld<'compliance' | 'issuance' | 'audit'>;

/** Deals at a fixed time, with the logs it reads; it decides commands already. */
export async function openWorld({ withPreviews = false } = {}): Promise<World> {
  const world = await ServiceWorld.open({
    peers: ['compliance', 'issuance', 'audit'],
    createDatabase: createTestDatabase,
    clock: new FixedClock('2026-03-01T12:00:00.000Z'),
  });
  const started = withPreviews ? world.startWithPreviews(dealsService) : world.start(dealsService);
  await (await started).writing();
  return world;
}
