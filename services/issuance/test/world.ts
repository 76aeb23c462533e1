import { FixedClock } from '@specie/nest-platform';
import { ServiceWorld } from '@specie/service-testing';
import { createTestDatabase, type Client } from '@specie/testing';
import { issuanceService } from '../src/app.module.js';

export type World = ServiceWorld<'compliance' | 'deals' | 'market' | 'metering' | 'audit'>;

/** Issuance at a fixed time, with the logs it reads; it decides commands already. */
export async function openWorld({ withPreviews = false } = {}): Promise<World> {
  const world = await ServiceWorld.open({
    peers: ['compliance', 'deals', 'market', 'metering', 'audit'],
    createDatabase: createTestDatabase,
    clock: new FixedClock('2026-03-01T12:00:00.000Z'),
  });
  const started = withPreviews
    ? world.startWithPreviews(issuanceService)
    : world.start(issuanceService);
  await (await started).writing();
  return world;
}

/** A series of March 2026 with attested H100s behind it, 24 tokens a GPU and day. @returns its id */
export async function openSeries(
  world: World,
  { provider, auditor, gpuCount }: { provider: Client; auditor: Client; gpuCount: number },
): Promise<string> {
  await world.allow(provider.partyId, 'issue', 'trade', 'transfer');
  await provider.post('/providers', { uptimeHaircutBps: 0 });
  const days = { fromOn: '2026-03-01', toOn: '2026-03-31' };
  const commitments = `/providers/${provider.partyId}/capacity-commitments`;
  const { body } = await provider.post(commitments, { sku: 'H100-SXM', gpuCount, ...days });
  await auditor.post(`${commitments}/${String(body['id'])}/attestations`, {
    evidenceHash: 'ab'.repeat(32),
  });
  const opened = await provider.post('/series', {
    windowFromOn: days.fromOn,
    windowToOn: days.toOn,
    skus: ['H100-SXM'],
    region: 'eu-north',
    transferable: true,
  });
  return String(opened.body['id']);
}
