import { attestationSubject } from '@specie/attestation';
import { eligibilitySubject } from '@specie/eligibility';
import { defineService, defineSubject } from '@specie/nest-platform';
import { apiText } from './http/api-text.js';
import { CompaniesController } from './http/companies.controller.js';
import { DealsController } from './http/deals.controller.js';
import { SharesController } from './http/shares.controller.js';
import { TranchesController } from './http/tranches.controller.js';
import { IssuanceConsumer } from './messaging/issuance.consumer.js';
import { dealsRefusals } from './http/refusals.js';
import { ScopeShareEntries1764320000000 } from './migrations/scope-share-entries.js';
import { attested } from './projections/attested-state.js';
import { companiesProjection } from './projections/companies/companies.projection.js';
import { CompaniesQuery } from './projections/companies/companies.query.js';
import { dealsProjection } from './projections/deals/deals.projection.js';
import { DealsQuery } from './projections/deals/deals.query.js';
import {
  CreateReadModels1732000000000,
  dealsEntities,
  IndexHolders1764330000000,
  ReserveShares1764300000000,
} from './projections/tables.js';

const dealsSubject = defineSubject({
  name: 'deals',
  tables: dealsEntities.map((entity) => ({ entity })),
  migrations: [
    CreateReadModels1732000000000,
    ReserveShares1764300000000,
    ScopeShareEntries1764320000000,
    IndexHolders1764330000000,
  ],
  projections: [companiesProjection, dealsProjection],
  attested,
  refusals: dealsRefusals,
  tags: apiText.tags,
  controllers: [CompaniesController, SharesController, DealsController, TranchesController],
  consumers: [IssuanceConsumer],
  providers: [CompaniesQuery, DealsQuery],
});

export const dealsService = defineService({
  name: 'deals',
  port: 7103,
  api: apiText,
  subjects: [dealsSubject, eligibilitySubject, attestationSubject],
});
