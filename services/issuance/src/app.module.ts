import { attestationSubject } from '@specie/attestation';
import { eligibilitySubject } from '@specie/eligibility';
import { defineService, defineSubject } from '@specie/nest-platform';
import { apiText } from './http/api-text.js';
import { AccountsController } from './http/accounts.controller.js';
import { CapacityController } from './http/capacity.controller.js';
import { MovementsController } from './http/movements.controller.js';
import { ProvidersController } from './http/providers.controller.js';
import { SeriesController } from './http/series.controller.js';
import { DealsConsumer } from './messaging/deals.consumer.js';
import { MarketConsumer } from './messaging/market.consumer.js';
import { MeteringConsumer } from './messaging/metering.consumer.js';
import { ScopeMovements1732038000000 } from './migrations/scope-movements.js';
import { accountsProjection } from './projections/accounts/accounts.projection.js';
import { AccountsQuery } from './projections/accounts/accounts.query.js';
import { attested } from './projections/attested-state.js';
import { providersProjection } from './projections/providers/providers.projection.js';
import { CoverageReads } from './http/coverage-reads.js';
import { issuanceRefusals } from './http/refusals.js';
import { ProvidersQuery } from './projections/providers/providers.query.js';
import { CreateReadModels1732000000000, issuanceEntities } from './projections/tables.js';

const issuanceSubject = defineSubject({
  name: 'issuance',
  tables: issuanceEntities.map((entity) => ({ entity })),
  migrations: [CreateReadModels1732000000000, ScopeMovements1732038000000],
  // Series before accounts: an account of a series that is opened in the same batch refers to its row.
  projections: [providersProjection, accountsProjection],
  attested,
  refusals: issuanceRefusals,
  tags: apiText.tags,
  controllers: [
    ProvidersController,
    CapacityController,
    SeriesController,
    AccountsController,
    MovementsController,
  ],
  consumers: [DealsConsumer, MarketConsumer, MeteringConsumer],
  providers: [ProvidersQuery, AccountsQuery, CoverageReads],
});

export const issuanceService = defineService({
  name: 'issuance',
  port: 7102,
  api: apiText,
  singleWriter: true,
  subjects: [issuanceSubject, eligibilitySubject, attestationSubject],
});
