import {
  Clock,
  defineSubject,
  LOGGER,
  Metrics,
  SERVICE_CONFIG,
  WriterRole,
  type Logger,
} from '@specie/nest-platform';
import { ShardFeed } from '../shard/shard-feed.js';
import { WebSocketUpgrades } from '../web-socket/web-socket-upgrades.adapter.js';
import { candleProjection } from './candle.projection.js';
import { CandleQuery } from './candle.query.js';
import { candleTable } from './candle.table.js';
import { MarketDataController } from './connect.controller.js';
import { CreateMarketData1732200000000 } from './create-market-data.migration.js';
import { MarketDataHub } from './market-data-hub.js';
import { MarketDataServer } from './market-data-server.adapter.js';
import type { MarketDataConfig } from './market-data.config.js';
import { BooksController } from './market-data.controller.js';
import { marketDataRefusals } from './market-data.refusals.js';
import { PublishReferencePriceHandler } from './publish-reference-price.handler.js';
import { publishReferencePrices } from './publish-reference-prices.sweep.js';
import { referencePriceProjection } from './reference-price.projection.js';
import { ReferencePriceQuery } from './reference-price.query.js';
import { referencePriceTable } from './reference-price.table.js';

/** What one client may have. */
const subscriptionCountMax = 256;
const messageCountMax = 1_000;
const messageBytesMax = 4_096;

function marketDataHub(
  feed: ShardFeed,
  clock: Clock,
  logger: Logger,
  config: MarketDataConfig,
): MarketDataHub {
  const hub = new MarketDataHub({
    firstSequence: () => Date.parse(clock.now()) * 1_000,
    changeCountMax: config.MARKET_DATA_CHANGES_KEPT,
    onFault: (error) =>
      logger.error(
        { error: String(error) },
        'the market data cannot go on; its clients are sent away until the shard opens again',
      ),
  });
  feed.followBooks(hub);
  return hub;
}

function marketDataServer(
  hub: MarketDataHub,
  upgrades: WebSocketUpgrades,
  role: WriterRole,
  clock: Clock,
  metrics: Metrics,
  config: MarketDataConfig,
): MarketDataServer {
  return new MarketDataServer({
    ...{ hub, upgrades, role, clock, metrics },
    limits: {
      ...{ subscriptionCountMax, messageCountMax, messageBytesMax },
      waitingBytesMax: config.MARKET_DATA_WAITING_BYTES_MAX,
      connectionCountMax: config.MARKET_DATA_CONNECTIONS_MAX,
      connectionsPerAddressMax: config.MARKET_DATA_CONNECTIONS_PER_ADDRESS_MAX,
      turnMs: config.MARKET_DATA_TURN_MS,
      heartbeatMs: config.MARKET_DATA_HEARTBEAT_MS,
    },
  });
}

/** What everybody may see of the books: live by WebSocket, and candles, statistics and reference prices. */
export const marketDataSubject = defineSubject({
  name: 'market-data',
  tables: [candleTable, referencePriceTable],
  migrations: [CreateMarketData1732200000000],
  projections: [candleProjection, referencePriceProjection],
  controllers: [BooksController, MarketDataController],
  providers: [
    CandleQuery,
    ReferencePriceQuery,
    PublishReferencePriceHandler,
    {
      provide: MarketDataHub,
      useFactory: marketDataHub,
      inject: [ShardFeed, Clock, LOGGER, SERVICE_CONFIG],
    },
    {
      provide: MarketDataServer,
      useFactory: marketDataServer,
      inject: [MarketDataHub, WebSocketUpgrades, WriterRole, Clock, Metrics, SERVICE_CONFIG],
    },
  ],
  sweeps: [publishReferencePrices],
  refusals: marketDataRefusals,
});
