import { describeApiConformance } from '@specie/nest-platform/testing';
import { meteringService } from '../src/app.module.js';
import { confirmed, newcomer, World } from './meter.js';

let world: World;
describeApiConformance(meteringService, {
  start: async () => {
    world = await World.open();
    return world.start();
  },
  cleanUp: () => world.close(),
  prepare: async (service) => {
    await confirmed(world, service, await newcomer(world, service), 10n);
  },
});
