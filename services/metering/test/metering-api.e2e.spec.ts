import { describeApiConformance } from '@specie/service-testing';
import { meteringService } from '../src/app.module.js';
import { confirmed, newcomer, openWorld, type World } from './meter.js';

let world: World;
describeApiConformance(meteringService, {
  start: async () => {
    world = await openWorld();
    return world.service;
  },
  cleanUp: () => world.close(),
  prepare: async () => {
    await confirmed(world, await newcomer(world), 10n);
  },
});
