import { randomUUID } from 'node:crypto';
import { describeApiConformance } from '@specie/service-testing';
import { clientOf } from '@specie/testing';
import { issuanceService } from '../src/app.module.js';
import { openWorld, type World } from './world.js';

let world: World | undefined;

describeApiConformance(issuanceService, {
  start: async () => {
    world = await openWorld();
    return world.service;
  },
  cleanUp: async () => world?.close(),
  prepare: async () => {
    if (!world) return;
    const nordic = await clientOf(world.service, {
      partyId: randomUUID(),
      roles: ['provider-admin'],
    });
    await world.allow(nordic.partyId, 'issue');
    await nordic.post('/providers', { uptimeHaircutBps: 500 });
    const days = { fromOn: '2026-03-01', toOn: '2026-03-31' };
    await nordic.post(`/providers/${nordic.partyId}/capacity-commitments`, {
      sku: 'B200',
      gpuCount: 1,
      ...days,
    });
    await nordic.post('/series', {
      windowFromOn: '2026-03-01',
      windowToOn: '2026-03-31',
      skus: ['B200'],
      region: 'eu-north',
      transferable: true,
    });
  },
});
