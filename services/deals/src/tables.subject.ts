import { defineSubject } from '@specie/nest-platform';
import { CreateReadModels1732000000000 } from './create-read-models.migration.js';
import { IndexHolders1764330000000 } from './index-holders.migration.js';
import { ReserveShares1764300000000 } from './reserve-shares.migration.js';
import { ScopeShareEntries1764320000000 } from './scope-share-entries.migration.js';

/** The migrations that made the tables of several subjects at once. */
export const tablesSubject = defineSubject({
  name: 'tables',
  migrations: [
    CreateReadModels1732000000000,
    ReserveShares1764300000000,
    ScopeShareEntries1764320000000,
    IndexHolders1764330000000,
  ],
});
