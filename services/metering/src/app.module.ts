import { CommandHandler } from '@specie/event-sourcing';
import { defineService } from '@specie/nest-platform';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { ReservationsController } from './http/reservations.controller.js';
import { UsageController } from './http/usage.controller.js';
import { UsageIngestion } from './ingestion/usage-ingestion.js';
import { IssuanceConsumer, issuanceEventsConsumed } from './messaging/issuance.consumer.js';
import { CreateReadModels1732000000000 } from './migrations/create-read-models.js';
import { attestedState } from './projections/attested-state.js';
import { chargedRecordsIn } from './projections/charged-records.query.js';
import { meteringProjection } from './projections/metering.projection.js';
import { meteringEntities } from './projections/rows.js';
import { expireReservations } from './sweeps/expire-reservations.js';

export const meteringService = defineService({
  name: 'metering',
  entities: meteringEntities,
  migrations: [CreateReadModels1732000000000],
  projections: [meteringProjection],
  attestedState,
  controllers: [ReservationsController, UsageController, IssuanceConsumer],
  providers: [
    {
      provide: UsageIngestion,
      useFactory: (store: PostgresEventStore, commands: CommandHandler, dataSource: DataSource) =>
        new UsageIngestion({ store, commands, chargedRecords: chargedRecordsIn(dataSource) }),
      inject: [PostgresEventStore, CommandHandler, DataSource],
    },
  ],
  sweeps: [expireReservations],
  eventsConsumed: issuanceEventsConsumed,
  usesEligibility: true,
});
