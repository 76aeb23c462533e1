import { defineSubject } from '@specie/nest-platform';
import { ListInstaller } from './list-installer.adapter.js';
import { ListScreening, listScreeningSweep } from './list-screening.sweep.js';
import { listSourceProvider } from './list-source.adapter.js';
import { ListStatusQuery } from './list-status.query.js';
import { CasesController } from './sanctions-list.controller.js';
import { SanctionsListQuery } from './sanctions-list.query.js';
import { sanctionsListTable } from './sanctions-list.table.js';
import { StaleScreeningsQuery } from './stale-screenings.query.js';

/** The sanctions list in force, and the parties still to be screened against it. */
export const sanctionsListSubject = defineSubject({
  name: 'sanctions-list',
  tables: [sanctionsListTable],
  controllers: [CasesController],
  providers: [
    listSourceProvider,
    ListInstaller,
    SanctionsListQuery,
    ListStatusQuery,
    StaleScreeningsQuery,
    ListScreening,
  ],
  sweeps: [listScreeningSweep],
  health: (injector) => injector.get(ListStatusQuery, { strict: false }).health(),
});
