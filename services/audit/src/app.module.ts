import {
  defineService,
  defineSubject,
  PLATFORM_CONFIG,
  SERVICE_CONFIG,
  type PlatformConfig,
} from '@specie/nest-platform';
import { Rebuilder } from './adapters/rebuilder.js';
import { auditConfig, type AuditConfig } from './config.js';
import { apiText } from './http/api-text.js';
import { ReconciliationsController } from './http/reconciliations.controller.js';
import { auditRefusals } from './http/refusals.js';
import { AttestationsConsumer } from './messaging/attestations.consumer.js';
import { ReconciliationProcess } from './processes/reconciliation.process.js';
import {
  auditEntities,
  CreateReadModels1732000000000,
  DropUnpublishedReports1732600000000,
  KeepVerifiedHeads1764290000000,
  reconciliationsProjection,
} from './projections/tables.js';

const auditSubject = defineSubject({
  name: 'audit',
  tables: auditEntities.map((entity) => ({ entity })),
  migrations: [
    CreateReadModels1732000000000,
    DropUnpublishedReports1732600000000,
    KeepVerifiedHeads1764290000000,
  ],
  projections: [reconciliationsProjection],
  refusals: auditRefusals,
  tags: apiText.tags,
  controllers: [ReconciliationsController],
  consumers: [AttestationsConsumer],
  providers: [
    {
      provide: Rebuilder,
      useFactory: (config: AuditConfig, platform: PlatformConfig) =>
        new Rebuilder(config, platform),
      inject: [SERVICE_CONFIG, PLATFORM_CONFIG],
    },
    ReconciliationProcess,
  ],
  sweeps: [
    {
      name: 'reconciliations',
      everyMs: 1_000,
      isDue: (injector) => injector.get(ReconciliationProcess, { strict: false }).isDue(),
      run: (injector) => injector.get(ReconciliationProcess, { strict: false }).runDue(),
    },
  ],
});

export const auditService = defineService({
  name: 'audit',
  port: 7106,
  api: apiText,
  config: auditConfig,
  subjects: [auditSubject],
});
