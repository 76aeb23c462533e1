import { attestationSubject } from '@specie/attestation';
import { CommandHandler } from '@specie/event-sourcing';
import {
  Clock,
  defineService,
  defineSubject,
  LOGGER,
  Metrics,
  SERVICE_CONFIG,
  type Logger,
} from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import { PersonalDataStore } from './adapters/personal-data.js';
import { folderSource, sampleSource } from './adapters/sanctions-list-source.js';
import { SanctionsLists } from './adapters/sanctions-lists.js';
import { AddSanctionsLists1732620000000 } from './adapters/sanctions-lists.table.js';
import { Screener } from './adapters/screener.js';
import { complianceConfig, weakComplianceSettings, type ComplianceConfig } from './config.js';
import { apiText } from './http/api-text.js';
import { CasesController } from './http/cases.controller.js';
import { complianceRefusals } from './http/refusals.js';
import { PartiesController } from './http/parties.controller.js';
import { attested, partiesProjection } from './projections/parties.projection.js';
import {
  AddAlertReason1732610000000,
  complianceEntities,
  CreateReadModels1732000000000,
} from './projections/tables.js';
import { ListScreening, listScreeningSweep } from './sweeps/list-screening.js';

const complianceSubject = defineSubject({
  name: 'compliance',
  tables: complianceEntities.map((entity) => ({ entity })),
  migrations: [
    CreateReadModels1732000000000,
    AddAlertReason1732610000000,
    AddSanctionsLists1732620000000,
  ],
  projections: [partiesProjection],
  attested,
  refusals: complianceRefusals,
  tags: apiText.tags,
  controllers: [PartiesController, CasesController],
  sweeps: [listScreeningSweep],
  health: (injector) => injector.get(ListScreening, { strict: false }).health(),
  providers: [
    {
      provide: PersonalDataStore,
      useFactory: (dataSource: DataSource, config: ComplianceConfig) =>
        new PersonalDataStore(dataSource, Buffer.from(config.NAME_HASH_KEY, 'base64')),
      inject: [DataSource, SERVICE_CONFIG],
    },
    {
      provide: SanctionsLists,
      useFactory: async (
        dataSource: DataSource,
        logger: Logger,
        { SANCTIONS_DIR, SANCTIONS_ACCEPTED_VERSION }: ComplianceConfig,
      ) => {
        const lists = new SanctionsLists({
          dataSource,
          logger,
          source: SANCTIONS_DIR === undefined ? sampleSource : folderSource(SANCTIONS_DIR),
          acceptedVersion: SANCTIONS_ACCEPTED_VERSION,
        });
        await lists.refresh();
        return lists;
      },
      inject: [DataSource, LOGGER, SERVICE_CONFIG],
    },
    {
      provide: Screener,
      useFactory: (personalData: PersonalDataStore) => new Screener(personalData),
      inject: [PersonalDataStore],
    },
    {
      provide: ListScreening,
      useFactory: (
        lists: SanctionsLists,
        screener: Screener,
        commands: CommandHandler,
        dataSource: DataSource,
        clock: Clock,
        logger: Logger,
        metrics: Metrics,
      ) => new ListScreening({ lists, screener, commands, dataSource, clock, logger, metrics }),
      inject: [SanctionsLists, Screener, CommandHandler, DataSource, Clock, LOGGER, Metrics],
    },
  ],
});

export const complianceService = defineService({
  name: 'compliance',
  port: 7101,
  api: apiText,
  config: complianceConfig,
  weakSettings: weakComplianceSettings,
  subjects: [complianceSubject, attestationSubject],
});
