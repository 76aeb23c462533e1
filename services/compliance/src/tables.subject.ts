import { defineSubject } from '@specie/nest-platform';
import { AddAlertReason1732610000000 } from './add-alert-reason.migration.js';
import { AddSanctionsLists1732620000000 } from './add-sanctions-lists.migration.js';
import { CreateReadModels1732000000000 } from './create-read-models.migration.js';

/** The migrations that made the tables of several subjects at once. */
export const tablesSubject = defineSubject({
  name: 'tables',
  migrations: [
    CreateReadModels1732000000000,
    AddAlertReason1732610000000,
    AddSanctionsLists1732620000000,
  ],
});
