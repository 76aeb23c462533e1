import { attestationSubject } from '@specie/attestation';
import { eventCodec } from '@specie/contracts';
import { EligibilityDirectory, eligibilitySubject } from '@specie/eligibility';
import {
  Clock,
  defineService,
  defineSubject,
  derivedId,
  LOGGER,
  Metrics,
  SERVICE_CONFIG,
  type Logger,
} from '@specie/nest-platform';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { marketConfig, type MarketConfig } from './config.js';
import { plainMatching } from './domain/plain-matching.js';
import { apiText } from './http/api-text.js';
import { AccountsController } from './http/accounts.controller.js';
import { marketRefusals } from './http/refusals.js';
import { BooksController } from './http/books.controller.js';
import { OrdersController } from './http/orders.controller.js';
import { IssuanceConsumer } from './messaging/issuance.consumer.js';
import { CreateReadModels1732000000000 } from './migrations/create-read-models.js';
import { ScopeIds1732038000000 } from './migrations/scope-ids.js';
import { attested } from './projections/attested-state.js';
import { earlierUsesIn } from './projections/earlier-uses.query.js';
import { marketEntities } from './projections/rows.js';
import { shardProjection } from './projections/shard.projection.js';
import { WithdrawalBacklog } from './projections/withdrawal-backlog.js';
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

const marketSubject = defineSubject({
  name: 'market',
  tables: marketEntities.map((entity) => ({ entity })),
  migrations: [CreateReadModels1732000000000, ScopeIds1732038000000],
  projections: [shardProjection],
  attested,
  refusals: marketRefusals,
  tags: apiText.tags,
  controllers: [BooksController, AccountsController, OrdersController],
  consumers: [IssuanceConsumer],
  providers: [
    {
      provide: ShardWriter,
      useFactory: shardWriter,
      inject: [PostgresEventStore, DataSource, EligibilityDirectory, LOGGER],
    },
    {
      provide: WithdrawalBacklog,
      useFactory: (
        dataSource: DataSource,
        clock: Clock,
        metrics: Metrics,
        { WITHDRAWALS_OPEN_MAX }: MarketConfig,
      ) => new WithdrawalBacklog({ dataSource, clock, metrics, openMax: WITHDRAWALS_OPEN_MAX }),
      inject: [DataSource, Clock, Metrics, SERVICE_CONFIG],
    },
  ],
  health: (injector) => injector.get(WithdrawalBacklog, { strict: false }).health(),
  onBecomeWriter: (injector) => injector.get(ShardWriter, { strict: false }).open(),
});

export const marketService = defineService({
  name: 'market',
  port: 7104,
  api: apiText,
  config: marketConfig,
  singleWriter: true,
  subjects: [marketSubject, eligibilitySubject, attestationSubject],
});
