import { defineSubject } from '@specie/nest-platform';
import { CreateReadModels1732000000000 } from './create-read-models.migration.js';
import { ScopeMovements1732038000000 } from './scope-movements.migration.js';

/** The migrations that made the tables of several subjects at once. */
export const tablesSubject = defineSubject({
  name: 'tables',
  migrations: [CreateReadModels1732000000000, ScopeMovements1732038000000],
});
