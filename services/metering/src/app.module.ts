import { attestationSubject } from '@specie/attestation';
import { eligibilitySubject } from '@specie/eligibility';
import { CommandHandler } from '@specie/event-sourcing';
import { defineService, defineSubject } from '@specie/nest-platform';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { meteringConfig } from './config.js';
import { apiText } from './http/api-text.js';
import { ReservationsController } from './http/reservations.controller.js';
import { meteringRefusals } from './http/refusals.js';
import { UsageController } from './http/usage.controller.js';
import { UsageIngestion } from './ingestion/usage-ingestion.js';
import { IssuanceConsumer } from './messaging/issuance.consumer.js';
import { CreateReadModels1732000000000 } from './migrations/create-read-models.js';
import { KnowProvidersAndIntervals1732800000000 } from './migrations/know-providers-and-intervals.js';
import { attested } from './projections/attested-state.js';
import { chargedRecordsIn } from './projections/charged-records.query.js';
import { meteringProjection } from './projections/metering.projection.js';
import { ReservationsQuery } from './projections/reservations.query.js';
import { meteringEntities } from './projections/rows.js';
import { SeriesQuery } from './projections/series.query.js';
import { expireReservations } from './sweeps/expire-reservations.js';

const meteringSubject = defineSubject({
  name: 'metering',
  tables: meteringEntities.map((entity) => ({ entity })),
  migrations: [CreateReadModels1732000000000, KnowProvidersAndIntervals1732800000000],
  projections: [meteringProjection],
  attested,
  refusals: meteringRefusals,
  tags: apiText.tags,
  controllers: [ReservationsController, UsageController],
  consumers: [IssuanceConsumer],
  providers: [
    SeriesQuery,
    ReservationsQuery,
    {
      provide: UsageIngestion,
      useFactory: (store: PostgresEventStore, commands: CommandHandler, dataSource: DataSource) =>
        new UsageIngestion({ store, commands, chargedRecords: chargedRecordsIn(dataSource) }),
      inject: [PostgresEventStore, CommandHandler, DataSource],
    },
  ],
  sweeps: [expireReservations],
});

export const meteringService = defineService({
  name: 'metering',
  port: 7105,
  api: apiText,
  config: meteringConfig,
  subjects: [meteringSubject, eligibilitySubject, attestationSubject],
});
