import { createTestDatabase, type TestDatabase } from '@specie/testing';
import { createServiceApp } from '../src/index.js';
import { describeApiConformance } from '@specie/service-testing';
import { sampleService } from './sample-service.js';

let database: TestDatabase | undefined;

describeApiConformance(sampleService(), {
  start: async () => {
    const { url } = (database = await createTestDatabase());
    return createServiceApp(sampleService(), {
      databaseUrl: url,
      env: { PEER_DATABASE_URLS: JSON.stringify({ compliance: url, audit: url }) },
    });
  },
  cleanUp: async () => database?.drop(),
});
