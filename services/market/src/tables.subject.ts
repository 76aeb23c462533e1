import { defineSubject } from '@specie/nest-platform';
import { BecomeAnExchange1732077000000 } from './become-an-exchange.migration.js';
import { CreateReadModels1732000000000 } from './create-read-models.migration.js';
import { ScopeIds1732038000000 } from './scope-ids.migration.js';

/** The migrations that made the tables of several subjects at once. */
export const tablesSubject = defineSubject({
  name: 'tables',
  migrations: [CreateReadModels1732000000000, ScopeIds1732038000000, BecomeAnExchange1732077000000],
});
