import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { HttpAdapterHost } from '@nestjs/core';
import { FixedClock, Metrics, type WriterRole } from '@specie/nest-platform';
import { randomFrom } from '@specie/testing';
import { MarketDataHub } from '../src/market-data/market-data-hub.js';
import {
  MarketDataServer,
  type MarketDataLimits,
} from '../src/market-data/market-data-server.adapter.js';
import { WebSocketUpgrades } from '../src/web-socket/web-socket-upgrades.adapter.js';
import type { FeedClient } from './feed-client.js';
import { RandomBook } from './random-book.js';

export const seriesId = '5e12e500-0000-4000-8000-000000000001';
export const at = '2026-03-01T12:00:00.000Z';

export interface FeedServer {
  readonly url: string;
  readonly port: number;
  readonly http: Server;
  readonly hub: MarketDataHub;
  readonly server: MarketDataServer;
  readonly metrics: Metrics;
  readonly book: RandomBook;
  readonly role: { state: WriterRole['state'] };
  /** The shard performs so many commands, and their messages go out. */
  readonly run: (commandCount: number) => void;
  /** Resolves once the client has all that went before: messages keep their order, and a heartbeat is one. */
  readonly caughtUp: (client: FeedClient) => Promise<void>;
  close(): Promise<void>;
}

/** The market data of one random book on an HTTP server; heartbeats are up to the test. */
export async function openFeed(
  options: Partial<MarketDataLimits> & {
    readonly seed?: number;
    readonly changeCountMax?: number;
  } = {},
): Promise<FeedServer> {
  const { seed = 1, changeCountMax = 100_000, ...limits } = options;
  const hub = new MarketDataHub({
    firstSequence: () => Date.parse(at) * 1_000,
    changeCountMax,
    onFault: (error) => {
      throw error;
    },
  });
  const http = createServer((request, response) => {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end(`plain ${request.url ?? ''}`);
  });
  const role = { state: 'writer' as WriterRole['state'] };
  const metrics = new Metrics('market');
  const upgrades = new WebSocketUpgrades({
    httpAdapter: { getHttpServer: () => http },
  } as unknown as HttpAdapterHost);
  const server = new MarketDataServer({
    hub,
    upgrades,
    role,
    clock: new FixedClock(at),
    metrics,
    limits: {
      turnMs: 5,
      heartbeatMs: 3_600_000,
      connectionCountMax: 2_000,
      connectionsPerAddressMax: 2_000,
      messageBytesMax: 4_096,
      waitingBytesMax: 4_194_304,
      subscriptionCountMax: 256,
      messageCountMax: 1_000,
      ...limits,
    },
  });
  upgrades.onApplicationBootstrap();
  server.onApplicationBootstrap();
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const { port } = http.address() as { readonly port: number };
  const book = new RandomBook(seriesId, randomFrom(seed));
  hub.opened([book.shown()]);
  return {
    url: `ws://127.0.0.1:${port}/market-data`,
    ...{ port, http, hub, server, metrics, book, role },
    run: (commandCount) => {
      for (let count = 0; count < commandCount; count += 1) {
        hub.updated(book.change(), at);
      }
      hub.flush();
    },
    caughtUp: async (client) => {
      const heartbeat = client.next('heartbeat');
      hub.heartbeat(at);
      await heartbeat;
    },
    close: async () => {
      server.beforeApplicationShutdown();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
