import { randomUUID } from 'node:crypto';
import { eventCodec, eventDefinitions, type TradeExecuted } from '@specie/contracts';
import {
  createServiceApp,
  defineService,
  defineSubject,
  type Clock,
  type ServiceApp,
} from '@specie/nest-platform';
import { defineProjection } from '@specie/postgres-event-store';
import { createTestDatabase } from '@specie/testing';
import { marketConfig } from '../src/market.config.js';
import { marketDataSubject } from '../src/market-data/market-data.subject.js';
import { ShardFeed } from '../src/shard/shard-feed.js';
import { tablesSubject } from '../src/tables.subject.js';
import { tradeProjection } from '../src/trade/trade.projection.js';
import { tradeTable } from '../src/trade/trade.table.js';
import { webSocketSubject } from '../src/web-socket/web-socket.subject.js';

const handled = new Set(['market.trade-executed', 'market.reference-price-published']);
const others = [...eventDefinitions.keys()].filter(
  (type) => type.startsWith('market.') && !handled.has(type),
);

/** Trades without a shard: a test appends them. */
const tapeSubject = defineSubject({
  name: 'tape',
  tables: [tradeTable],
  providers: [ShardFeed],
  projections: [
    tradeProjection,
    defineProjection({
      name: 'nothing',
      changes: () => undefined,
      events: Object.fromEntries(others.map((type) => [type, 'ignored' as const])),
      write: () => Promise.resolve(),
    }),
  ],
  tags: { books: 'Order books.' },
  refusals: { book_unknown: ['There is no book for this series yet.'] },
});

/** The market data, and nothing else of the market. */
export const marketDataService = defineService({
  name: 'market',
  port: 7104,
  config: marketConfig,
  singleWriter: true,
  subjects: [tablesSubject, webSocketSubject, tapeSubject, marketDataSubject],
});

export interface MarketDataService {
  readonly service: ServiceApp;
  close(): Promise<void>;
}

export async function startMarketData(
  clock: Clock,
  seriesIds: readonly string[],
): Promise<MarketDataService> {
  const database = await createTestDatabase();
  const service = await createServiceApp(marketDataService, { databaseUrl: database.url, clock });
  await service.writing();
  await addBooks(service, seriesIds);
  return {
    service,
    close: async () => {
      await service.close();
      await database.drop();
    },
  };
}

/** Books of which only the series matters here. */
async function addBooks(service: ServiceApp, seriesIds: readonly string[]): Promise<void> {
  const columns = await service.dataSource.query<{ readonly column_name: string }[]>(
    `select column_name from information_schema.columns
      where table_name = 'books' and table_schema = 'public' and is_nullable = 'NO'
        and column_name <> 'series_id'`,
  );
  for (const { column_name } of columns) {
    await service.dataSource.query(`alter table books alter ${column_name} drop not null`);
  }
  for (const seriesId of seriesIds) {
    await service.dataSource.query('insert into books (series_id) values ($1)', [seriesId]);
  }
}

export interface Traded {
  readonly tradeNumber: number;
  readonly seriesId: string;
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly at: string;
}

/** Appends trades as one command each, several at a time; they keep their order. */
export async function trade(service: ServiceApp, trades: readonly Traded[]): Promise<void> {
  const outcomes = await Promise.all(
    trades.map(({ at, ...traded }) => {
      const data: TradeExecuted['data'] = {
        ...traded,
        tradeId: randomUUID(),
        makerOrderId: randomUUID(),
        takerOrderId: randomUUID(),
        takerSide: 'buy',
        buyerPartyId: randomUUID(),
        sellerPartyId: randomUUID(),
        notional: traded.priceTicks * traded.quantityLots,
        buyerFee: 0,
        sellerFee: 0,
      };
      const event = eventCodec.encode({ type: 'market.trade-executed', data });
      const id = randomUUID();
      return service.store.append({
        commandId: id,
        streams: [{ streamId: 'shard-main', expectedVersion: 'any', events: [event] }],
        metadata: {
          ...{ correlationId: id, causationId: id },
          actor: 'service:market',
          idempotencyKey: null,
        },
        occurredAt: at,
      });
    }),
  );
  const failed = outcomes.find(({ outcome }) => outcome !== 'appended');
  if (failed) throw new Error(`not appended: ${failed.outcome}`);
}
