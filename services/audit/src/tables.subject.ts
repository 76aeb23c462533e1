import { defineSubject } from '@specie/nest-platform';
import { CreateReadModels1732000000000 } from './create-read-models.migration.js';
import { DropUnpublishedReports1732600000000 } from './drop-unpublished-reports.migration.js';
import { KeepVerifiedHeads1764290000000 } from './keep-verified-heads.migration.js';

/** The migrations of the tables. */
export const tablesSubject = defineSubject({
  name: 'tables',
  migrations: [
    CreateReadModels1732000000000,
    DropUnpublishedReports1732600000000,
    KeepVerifiedHeads1764290000000,
  ],
});
