import { eventCodec } from '@specie/contracts';
import {
  defineService,
  derivedId,
  EligibilityDirectory,
  LOGGER,
  type Logger,
} from '@specie/nest-platform';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { plainMatching } from './domain/plain-matching.js';
import { AccountsController } from './http/accounts.controller.js';
import { BooksController } from './http/books.controller.js';
import { OrdersController } from './http/orders.controller.js';
import { IssuanceConsumer, issuanceEventsConsumed } from './messaging/issuance.consumer.js';
import { CreateReadModels1732000000000 } from './migrations/create-read-models.js';
import { ScopeIds1732038000000 } from './migrations/scope-ids.js';
import { attestedState } from './projections/attested-state.js';
import { earlierUsesIn } from './projections/earlier-uses.query.js';
import { marketEntities } from './projections/rows.js';
import { shardProjection } from './projections/shard.projection.js';
import { ShardWriter } from './writer/shard-writer.js';

function shardWriter(
  store: PostgresEventStore,
  dataSource: DataSource,
  eligibility: EligibilityDirectory,
  logger: Logger,
): ShardWriter {
  return new ShardWriter({
    store,
    codec: eventCodec,
    newMatching: () => plainMatching(),
    earlierUses: earlierUsesIn(dataSource),
    partyStandings: (partyIds, at) => eligibility.standings(dataSource, partyIds, 'trade', at),
    tradeIdOf: (tradeNumber) => derivedId('trade', 'main', String(tradeNumber)),
    onAppendLost: (error) =>
      logger.error(
        { error: String(error) },
        'an append was lost; the shard is rebuilt from its log',
      ),
  });
}

export const marketService = defineService({
  name: 'market',
  entities: marketEntities,
  migrations: [CreateReadModels1732000000000, ScopeIds1732038000000],
  projections: [shardProjection],
  attestedState,
  controllers: [BooksController, AccountsController, OrdersController, IssuanceConsumer],
  providers: [
    {
      provide: ShardWriter,
      useFactory: shardWriter,
      inject: [PostgresEventStore, DataSource, EligibilityDirectory, LOGGER],
    },
  ],
  singleWriter: true,
  onBecomeWriter: (injector) => injector.get(ShardWriter, { strict: false }).open(),
  eventsConsumed: issuanceEventsConsumed,
  usesEligibility: true,
});
