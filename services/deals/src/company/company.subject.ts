import { defineSubject } from '@specie/nest-platform';
import { AuthoriseShareClassHandler } from './authorise-share-class.handler.js';
import { CancelSharesHandler } from './cancel-shares.handler.js';
import { CompaniesController } from './company.controller.js';
import { companyProjection } from './company.projection.js';
import { CompanyQuery } from './company.query.js';
import { companyRefusals } from './company.refusals.js';
import {
  companyTable,
  holdingTable,
  reservationTable,
  shareClassTable,
  shareEntryTable,
} from './company.table.js';
import { IssueFoundingSharesHandler } from './issue-founding-shares.handler.js';
import { RegisterCompanyHandler } from './register-company.handler.js';
import { SharesController } from './shares.controller.js';

/** Companies and their cap tables. */
export const companySubject = defineSubject({
  name: 'company',
  tables: [companyTable, shareClassTable, holdingTable, shareEntryTable, reservationTable],
  projections: [companyProjection],
  controllers: [CompaniesController, SharesController],
  providers: [
    RegisterCompanyHandler,
    AuthoriseShareClassHandler,
    IssueFoundingSharesHandler,
    CancelSharesHandler,
    CompanyQuery,
  ],
  attested: [
    {
      name: 'classes',
      read: async (manager) =>
        (await manager.find(shareClassTable.entity)).map((row) => [
          row.classId,
          {
            ...shareClassTable.wire(row, ['companyId', 'authorised', 'issued', 'cancelled']),
            // Absent where nothing is reserved: what was attested before shares were reserved stays comparable.
            ...(row.reserved > 0n ? shareClassTable.wire(row, ['reserved']) : {}),
          },
        ]),
    },
    {
      name: 'holdings',
      read: async (manager) =>
        (await manager.find(holdingTable.entity)).map((row) => [
          `${row.classId}/${row.partyId}`,
          holdingTable.wire(row, ['companyId', 'shares']),
        ]),
    },
  ],
  refusals: companyRefusals,
  tags: {
    companies: 'Companies and who holds their shares.',
    shares: 'Change a cap table: authorise, issue, give up.',
  },
});
