import { eventCodec } from '@specie/contracts';
import { EligibilityDirectory } from '@specie/eligibility';
import { defineSubject, derivedId, LOGGER, type Logger } from '@specie/nest-platform';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { EarlierUsesQuery } from './earlier-uses.query.js';
import { shardProjection } from './shard.projection.js';
import { cashTable, feeTable, orderTable, tokenTable } from './shard.table.js';
import { ShardFeed } from './shard-feed.js';
import { ShardWriter } from './shard-writer.adapter.js';

/** So many commands a takeover performs again at most; a snapshot of a busy shard costs some tens of milliseconds. */
const snapshotEveryCommands = 20_000;

function shardWriter(
  store: PostgresEventStore,
  uses: EarlierUsesQuery,
  dataSource: DataSource,
  eligibility: EligibilityDirectory,
  feed: ShardFeed,
  logger: Logger,
): ShardWriter {
  return new ShardWriter({
    store,
    codec: eventCodec,
    feed,
    earlierUses: (commands) => uses.find(commands),
    partyStandings: (partyIds, at) => eligibility.timedStandings(dataSource, partyIds, 'trade', at),
    standingsMark: () => eligibility.changeMark(dataSource),
    tradeIdOf: (tradeNumber) => derivedId('trade', 'main', String(tradeNumber)),
    onAppendLost: (error) =>
      logger.error(
        { error: String(error) },
        'an append was lost; the shard is rebuilt from its log',
      ),
    snapshots: { store: store.snapshots, everyCommands: snapshotEveryCommands },
    onSnapshotDiscarded: (discarded) =>
      logger.warn({ ...discarded }, 'a snapshot of the shard was discarded'),
    onError: (error) => logger.error({ error: String(error) }, 'the shard does not go on'),
  });
}

/** The shard: matching, the one writer that decides every command of the market, its orders, balances and fees. */
export const shardSubject = defineSubject({
  name: 'shard',
  tables: [orderTable, cashTable, tokenTable, feeTable],
  projections: [shardProjection],
  providers: [
    EarlierUsesQuery,
    ShardFeed,
    {
      provide: ShardWriter,
      useFactory: shardWriter,
      inject: [
        PostgresEventStore,
        EarlierUsesQuery,
        DataSource,
        EligibilityDirectory,
        ShardFeed,
        LOGGER,
      ],
    },
  ],
  attested: [
    {
      name: 'cash',
      read: async (manager) =>
        (await manager.find(cashTable.entity)).map((row) => [
          row.partyId,
          cashTable.wire(row, ['available', 'reserved']),
        ]),
    },
    {
      name: 'fees',
      read: async (manager) =>
        (await manager.find(feeTable.entity)).map((row) => [
          row.currency,
          feeTable.wire(row, ['earned']),
        ]),
    },
    {
      name: 'tokens',
      read: async (manager) =>
        (await manager.find(tokenTable.entity)).map((row) => [
          `${row.seriesId}/${row.partyId}`,
          tokenTable.wire(row, ['available', 'reserved']),
        ]),
    },
    {
      name: 'orders',
      read: async (manager) =>
        (await manager.find(orderTable.entity)).map((row) => [
          `${row.partyId}/${row.orderId}`,
          orderTable.wire(row, ['seriesId', 'partyId', 'side', 'priceTicks', 'leavesLots']),
        ]),
    },
  ],
  onBecomeWriter: (injector) => injector.get(ShardWriter, { strict: false }).open(),
});
