import { randomUUID } from 'node:crypto';
import type { CommandContext } from '@specie/event-sourcing';
import {
  Clock,
  defineSubject,
  LOGGER,
  Metrics,
  PLATFORM_CONFIG,
  TokenVerifier,
  WriterRole,
  type Logger,
  type PlatformConfig,
} from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import { bookRefusals } from '../book/book.refusals.js';
import { cashRefusals } from '../cash/cash.refusals.js';
import { CancelOrderHandler } from '../order/cancel-order.handler.js';
import { MassCancelHandler } from '../order/mass-cancel.handler.js';
import { OrderQuery } from '../order/order.query.js';
import { orderRefusals } from '../order/order.refusals.js';
import { PlaceOrderHandler } from '../order/place-order.handler.js';
import { ReplaceOrderHandler } from '../order/replace-order.handler.js';
import { ShardFeed } from '../shard/shard-feed.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { WebSocketUpgrades } from '../web-socket/web-socket-upgrades.adapter.js';
import { withdrawalRefusals } from '../withdrawal/withdrawal.refusals.js';
import { CreateOrderEntry1732300000000 } from './create-order-entry.migration.js';
import { DisconnectCancels } from './disconnect-cancels.adapter.js';
import { OrderEntryController } from './order-entry.controller.js';
import { OrderEntryRequests } from './order-entry-requests.adapter.js';
import { orderEntryRefusals } from './order-entry.refusals.js';
import { OrderEntryServer } from './order-entry-server.adapter.js';
import { disconnectCancelTable } from './order-entry.table.js';
import { ReportHub } from './report-hub.adapter.js';

const refusals = {
  ...bookRefusals,
  ...cashRefusals,
  ...withdrawalRefusals,
  ...orderRefusals,
  ...orderEntryRefusals,
};

const limits = {
  connectionCountMax: 2_000,
  connectionsPerPartyMax: 16,
  messageBytesMax: 4_096,
  requestsPerSecond: 5_000,
  inFlightMax: 1_024,
  waitingBytesMax: 4_194_304,
  heartbeatMs: 5_000,
};

function contextsAt(clock: Clock): (actor: string) => CommandContext {
  return (actor) => {
    const commandId = randomUUID();
    return {
      commandId,
      now: clock.now(),
      actor,
      correlationId: commandId,
      causationId: commandId,
    };
  };
}

function disconnectCancels(
  dataSource: DataSource,
  writer: ShardWriter,
  clock: Clock,
): DisconnectCancels {
  return new DisconnectCancels(dataSource, writer, contextsAt(clock));
}

function orderEntryServer(
  upgrades: WebSocketUpgrades,
  feed: ShardFeed,
  cancels: DisconnectCancels,
  placeOrder: PlaceOrderHandler,
  replaceOrder: ReplaceOrderHandler,
  cancelOrder: CancelOrderHandler,
  massCancel: MassCancelHandler,
  orders: OrderQuery,
  role: WriterRole,
  metrics: Metrics,
  logger: Logger,
  clock: Clock,
  config: PlatformConfig,
): OrderEntryServer {
  const hub = new ReportHub();
  feed.followReports(hub.publish);
  const requests = new OrderEntryRequests({
    ...{ placeOrder, replaceOrder, cancelOrder, massCancel, orders, refusals },
    disconnectCancels: cancels,
    newContext: contextsAt(clock),
  });
  return new OrderEntryServer({
    ...{ upgrades, hub, requests, role, metrics, refusals, limits },
    disconnectCancels: cancels,
    verifier: new TokenVerifier(config.auth),
    onFault: (error) => logger.error({ error: String(error) }, 'order entry failed'),
  });
}

/** Orders by WebSocket, and the reports of what becomes of them. */
export const orderEntrySubject = defineSubject({
  name: 'order-entry',
  tables: [disconnectCancelTable],
  migrations: [CreateOrderEntry1732300000000],
  controllers: [OrderEntryController],
  providers: [
    {
      provide: DisconnectCancels,
      useFactory: disconnectCancels,
      inject: [DataSource, ShardWriter, Clock],
    },
    {
      provide: OrderEntryServer,
      useFactory: orderEntryServer,
      inject: [
        ...[WebSocketUpgrades, ShardFeed, DisconnectCancels],
        ...[PlaceOrderHandler, ReplaceOrderHandler, CancelOrderHandler, MassCancelHandler],
        ...[OrderQuery, WriterRole, Metrics, LOGGER, Clock, PLATFORM_CONFIG],
      ],
    },
  ],
  refusals: orderEntryRefusals,
  onBecomeWriter: (injector) => injector.get(DisconnectCancels, { strict: false }).writerChanged(),
});
