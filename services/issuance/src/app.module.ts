import { defineService } from '@specie/nest-platform';
import { apiText } from './api-text.js';
import { AccountsController } from './account/account.controller.js';
import { CapacityController } from './provider/capacity.controller.js';
import { MovementsController } from './account/movements.controller.js';
import { ProvidersController } from './provider/provider.controller.js';
import { SeriesController } from './series/series.controller.js';
import { DealsConsumer } from './grant/deals.consumer.js';
import { MarketConsumer } from './withdrawal/market.consumer.js';
import { MeteringConsumer } from './hold/metering.consumer.js';
import { ScopeMovements1732038000000 } from './scope-movements.migration.js';
import { accountsProjection } from './account/account.projection.js';
import { AccountsQuery } from './account/account.query.js';
import { attestedState } from './projections/attested-state.js';
import { providersProjection } from './provider/provider.projection.js';
import { CoverageReads } from './coverage/coverage.query.js';
import { issuanceRefusals } from './http/refusals.js';
import { ProvidersQuery } from './provider/provider.query.js';
import { CreateReadModels1732000000000, issuanceEntities } from './projections/tables.js';

export const issuanceService = defineService({
  name: 'issuance',
  api: apiText,
  entities: issuanceEntities,
  migrations: [CreateReadModels1732000000000, ScopeMovements1732038000000],
  // Series before accounts: an account of a series that is opened in the same batch refers to its row.
  projections: [providersProjection, accountsProjection],
  attestedState,
  refusals: issuanceRefusals,
  controllers: [
    ProvidersController,
    CapacityController,
    SeriesController,
    AccountsController,
    MovementsController,
    DealsConsumer,
    MarketConsumer,
    MeteringConsumer,
  ],
  providers: [ProvidersQuery, AccountsQuery, CoverageReads],
  eventsConsumed: [
    'deals.tranche-opened',
    'market.withdrawal-requested',
    'metering.redemption-requested',
    'metering.slice-captured',
    'metering.reservation-closed',
  ],
  singleWriter: true,
  usesEligibility: true,
});
