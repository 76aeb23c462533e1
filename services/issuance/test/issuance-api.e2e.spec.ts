import { randomUUID } from 'node:crypto';
import { describeApiConformance } from '@specie/nest-platform/testing';
import { issuanceService } from '../src/app.module.js';
import { World } from './world.js';

let world: World | undefined;

describeApiConformance(issuanceService, {
  start: async () => {
    world = await World.start();
    return world.service;
  },
  cleanUp: async () => world?.stop(),
  prepare: async () => {
    if (!world) return;
    const nordic = await world.as('provider-admin', randomUUID());
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
