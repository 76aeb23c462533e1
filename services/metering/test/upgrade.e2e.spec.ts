import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@specie/nest-platform';
import { ServiceWorld } from '@specie/service-testing';
import { createTestDatabase, eventually } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meteringService } from '../src/app.module.js';
import { CreateReadModels1732000000000 } from '../src/create-read-models.migration.js';
import { announceSeries, openSeries, provider, type World } from './meter.js';

@Controller()
class FormerConsumer {
  @EventPattern('issuance.tokens-held')
  onTokensHeld(): void {}
}

/** Metering as it was before it listened to series: it reads the issuer's log and passes them over. */
const formerService = {
  ...meteringService,
  subjects: meteringService.subjects.map((subject) => {
    switch (subject.name) {
      case 'tables':
        return { ...subject, migrations: [CreateReadModels1732000000000] };
      case 'series':
        return { ...subject, consumers: [FormerConsumer] };
      case 'reservation':
        return { ...subject, controllers: [], consumers: [] };
      case 'usage':
        return { ...subject, controllers: [] };
      default:
        return subject;
    }
  }),
};

let world: World;
beforeAll(async () => {
  world = await ServiceWorld.open({
    peers: ['compliance', 'issuance', 'audit'],
    createDatabase: createTestDatabase,
  });
});
afterAll(() => world.close());

describe('An upgraded database', () => {
  it('learns of the series that were opened before metering listened', async () => {
    const former = await world.start(formerService);
    await former.writing();
    const seriesId = randomUUID();
    await announceSeries(world, { seriesId, providerId: provider.partyId });
    await eventually('the former version passes the event over', async () => {
      const rows = await former.dataSource.query<unknown[]>(
        `select 1 from consumed where source = 'issuance' and position >= 1`,
      );
      return rows.length > 0;
    });
    await former.close();
    await (await world.start(meteringService)).writing();
    const later = randomUUID();
    await openSeries(world, { seriesId: later, providerId: provider.partyId });
    const rows = await world.service.dataSource.query<unknown[]>(
      'select 1 from series where series_id = $1 and provider_id = $2',
      [seriesId, provider.partyId],
    );
    expect(rows).toHaveLength(1);
  });
});
