import { defineService, SERVICE_CONFIG } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import { PersonalDataStore } from './adapters/personal-data.js';
import { SanctionsList } from './adapters/sanctions-list.js';
import { complianceConfig, type ComplianceConfig } from './config.js';
import { CasesController } from './http/cases.controller.js';
import { PartiesController } from './http/parties.controller.js';
import { attestedState, partiesProjection } from './projections/parties.projection.js';
import {
  AddAlertReason1732610000000,
  complianceEntities,
  CreateReadModels1732000000000,
} from './projections/tables.js';

export const complianceService = defineService({
  name: 'compliance',
  config: complianceConfig,
  entities: complianceEntities,
  migrations: [CreateReadModels1732000000000, AddAlertReason1732610000000],
  projections: [partiesProjection],
  attestedState,
  controllers: [PartiesController, CasesController],
  providers: [
    {
      provide: PersonalDataStore,
      useFactory: (dataSource: DataSource, config: ComplianceConfig) =>
        new PersonalDataStore(dataSource, Buffer.from(config.NAME_HASH_KEY, 'base64')),
      inject: [DataSource, SERVICE_CONFIG],
    },
    {
      provide: SanctionsList,
      useFactory: (config: ComplianceConfig) => SanctionsList.load(config.SANCTIONS_DIR),
      inject: [SERVICE_CONFIG],
    },
  ],
});
