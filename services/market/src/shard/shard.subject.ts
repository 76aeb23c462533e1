import { eventCodec } from '@specie/contracts';
import { EligibilityDirectory } from '@specie/eligibility';
import { defineSubject, derivedId, LOGGER, type Logger } from '@specie/nest-platform';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { EarlierUsesQuery } from './earlier-uses.query.js';
import { exchangeProjection } from './exchange.projection.js';
import { plainMatching } from './plain-matching.js';
import { ShardWriter } from './shard-writer.adapter.js';

function shardWriter(
  store: PostgresEventStore,
  uses: EarlierUsesQuery,
  dataSource: DataSource,
  eligibility: EligibilityDirectory,
  logger: Logger,
): ShardWriter {
  return new ShardWriter({
    store,
    codec: eventCodec,
    newMatching: () => plainMatching(),
    earlierUses: (commands) => uses.find(commands),
    partyStandings: (partyIds, at) => eligibility.standings(dataSource, partyIds, 'trade', at),
    tradeIdOf: (tradeNumber) => derivedId('trade', 'main', String(tradeNumber)),
    onAppendLost: (error) =>
      logger.error(
        { error: String(error) },
        'an append was lost; the shard is rebuilt from its log',
      ),
  });
}

/** The shard: matching, and the one writer that decides every command of the market. */
export const exchangeSubject = defineSubject({
  name: 'exchange',
  projections: [exchangeProjection],
  providers: [
    EarlierUsesQuery,
    {
      provide: ShardWriter,
      useFactory: shardWriter,
      inject: [PostgresEventStore, EarlierUsesQuery, DataSource, EligibilityDirectory, LOGGER],
    },
  ],
  onBecomeWriter: (injector) => injector.get(ShardWriter, { strict: false }).open(),
});
