import { defineSubject } from '@specie/nest-platform';
import { CreateReadModels1732000000000 } from './create-read-models.migration.js';
import { KnowProvidersAndIntervals1732800000000 } from './know-providers-and-intervals.migration.js';

/** The migrations that made the tables of several subjects at once. */
export const tablesSubject = defineSubject({
  name: 'tables',
  migrations: [CreateReadModels1732000000000, KnowProvidersAndIntervals1732800000000],
});
