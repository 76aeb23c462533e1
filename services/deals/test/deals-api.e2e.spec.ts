import { randomUUID } from 'node:crypto';
import { describeApiConformance } from '@specie/service-testing';
import { clientOf } from '@specie/testing';
import { dealsService } from '../src/app.module.js';
import { openWorld, type World } from './world.js';

let world: World | undefined;

describeApiConformance(dealsService, {
  start: async () => {
    world = await openWorld();
    return world.service;
  },
  cleanUp: async () => world?.close(),
  prepare: async () => {
    if (!world) return;
    const acme = await clientOf(world.service, { partyId: randomUUID(), roles: ['founder'] });
    await world.allow(acme.partyId, 'deal', 'redeem');
    const [companyId, classId] = [randomUUID(), randomUUID()];
    await acme.post('/companies', { companyId, directorPartyIds: [randomUUID()] });
    await acme.post(`/companies/${companyId}/share-classes`, {
      classId,
      kind: 'common',
      authorised: '1000',
    });
    const holding = { classId, holderPartyId: acme.partyId, shares: '1000' };
    await acme.post(`/companies/${companyId}/founding-issuances`, holding);
  },
});
