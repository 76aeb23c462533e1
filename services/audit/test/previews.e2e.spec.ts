import { serviceNames } from '@specie/contracts';
import { describePreviews, ServiceWorld } from '@specie/service-testing';
import { clientOf, createTestDatabase, eventually } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditService } from '../src/app.module.js';
import { adaId } from './attested-states.js';

let world: ServiceWorld<(typeof serviceNames)[number]>;
beforeAll(async () => {
  world = await ServiceWorld.open({
    peers: serviceNames.filter((name) => name !== 'audit'),
    createDatabase: createTestDatabase,
  });
  const env = { AUDIT_ATTESTATION_DEADLINE_MS: '500' };
  await (await world.startWithPreviews(auditService, { env })).writing();
});
afterAll(() => world.close());

describe('Every command', () => {
  it('is taken and refused', async () => {
    const auditor = await clientOf(world.service, { partyId: adaId, roles: ['auditor'] });
    const { body } = await auditor.post('/reconciliations');
    const requestId = String(body['id']);
    await eventually('the report', async () => {
      const read = await auditor.get(`/reconciliations/${requestId}`);
      return read.body['status'] === 'published';
    });
    const partyId = adaId.replace('ada', 'bea');
    const another = await clientOf(world.service, { partyId, roles: ['auditor'] });
    expect(await another.post('/reconciliations', { requestId })).toMatchObject({
      status: 409,
      body: { code: 'requested_by_another' },
    });
  });
});

describePreviews(() => world.previews);
