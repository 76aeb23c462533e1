import { defineSubject } from '@specie/nest-platform';
import { ListInstaller } from './list-installer.adapter.js';
import { listSourceProvider } from './list-source.adapter.js';
import { ListStatusQuery } from './list-status.query.js';
import { CasesController } from './sanctions-list.controller.js';
import { SanctionsListQuery } from './sanctions-list.query.js';
import { sanctionsListTable } from './sanctions-list.table.js';

/** The sanctions list in force, and why the files at hand are not. */
export const sanctionsListSubject = defineSubject({
  name: 'sanctions-list',
  tables: [sanctionsListTable],
  controllers: [CasesController],
  providers: [listSourceProvider, ListInstaller, SanctionsListQuery, ListStatusQuery],
  health: (injector) => injector.get(ListStatusQuery, { strict: false }).health(),
});
