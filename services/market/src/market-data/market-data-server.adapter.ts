import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import {
  Problem,
  Unavailable,
  type Clock,
  type Metrics,
  type WriterRole,
} from '@specie/nest-platform';
import type { WebSocket } from 'ws';
import type {
  TakeOver,
  WebSocketEndpoint,
  WebSocketUpgrades,
} from '../web-socket/web-socket-upgrades.adapter.js';
import { Connection, type ConnectionLimits } from './connection.adapter.js';
import type { MarketDataHub } from './market-data-hub.js';

export interface MarketDataLimits extends ConnectionLimits {
  readonly connectionCountMax: number;
  readonly connectionsPerAddressMax: number;
  readonly messageBytesMax: number;
  /** The least time from one flush to the next. */
  readonly turnMs: number;
  readonly heartbeatMs: number;
}

export interface MarketDataServerOptions {
  readonly hub: MarketDataHub;
  readonly upgrades: Pick<WebSocketUpgrades, 'register'>;
  readonly role: Pick<WriterRole, 'state'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly limits: MarketDataLimits;
}

/** Serves the market data by WebSocket. */
export class MarketDataServer
  implements WebSocketEndpoint, OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly path = '/market-data';
  readonly messageBytesMax: number;
  private readonly options: MarketDataServerOptions;
  private readonly connections = new Set<Connection>();
  private readonly countOf = new Map<string, number>();
  private heartbeats: NodeJS.Timeout | undefined;
  private isFlushPlanned = false;
  private flushedAtMs = 0;

  constructor(options: MarketDataServerOptions) {
    this.options = options;
    this.messageBytesMax = options.limits.messageBytesMax;
    options.upgrades.register(this);
    options.hub.onChanged = () => this.flushSoon();
    options.metrics.addGauge('specie_market_data_connections', 'Clients of the market data', () =>
      Promise.resolve(this.connections.size),
    );
  }

  onApplicationBootstrap(): void {
    this.heartbeats = setInterval(() => this.heartbeat(), this.options.limits.heartbeatMs);
    this.heartbeats.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.heartbeats);
    this.connections.forEach((connection) => connection.close('going_away'));
  }

  admit(request: IncomingMessage): TakeOver | null {
    return this.refusal(request) === null
      ? (webSocket, socket) => this.connect(socket, webSocket)
      : null;
  }

  /** Why no connection is taken now; null where one is. */
  refusal({ socket }: Pick<IncomingMessage, 'socket'>): Problem | null {
    const { hub, limits } = this.options;
    if (!hub.isOpen) {
      return new Unavailable('market_data_elsewhere');
    }
    if (this.connections.size >= limits.connectionCountMax) {
      return new Unavailable('too_many_connections');
    }
    return (this.countOf.get(addressOf(socket)) ?? 0) < limits.connectionsPerAddressMax
      ? null
      : new Problem(429, 'too_many_connections_of_address', { headers: { 'Retry-After': '5' } });
  }

  /** Sends what changed: at once after a pause, otherwise when the turn is over, so that a burst is one write each. */
  private flushSoon(): void {
    if (this.isFlushPlanned) {
      return;
    }
    this.isFlushPlanned = true;
    const waitMs = this.flushedAtMs + this.options.limits.turnMs - performance.now();
    const flush = (): void => {
      this.isFlushPlanned = false;
      this.flushedAtMs = performance.now();
      this.options.hub.flush();
    };
    if (waitMs > 0) {
      setTimeout(flush, waitMs);
    } else {
      setImmediate(flush);
    }
  }

  /** Tells clients where the channels stand, and ends the connections of those that are gone. */
  heartbeat(): void {
    const { hub, role, clock } = this.options;
    if (role.state === 'standby' || role.state === 'stopped') {
      // The shard says so itself, unless it failed.
      hub.closed();
    }
    hub.heartbeat(clock.now());
    for (const connection of this.connections) {
      connection.heartbeat();
      if (!hub.isOpen) {
        connection.end();
      }
    }
  }

  private connect(socket: Socket, webSocket: WebSocket): void {
    const { hub, clock, metrics, limits } = this.options;
    const address = addressOf(socket);
    const connection = new Connection({
      webSocket,
      socket,
      hub,
      limits,
      now: () => clock.now(),
      onEnd: (reason) => metrics.connectionsCut.inc({ reason }),
    });
    this.connections.add(connection);
    this.countOf.set(address, (this.countOf.get(address) ?? 0) + 1);
    webSocket.on('close', () => {
      this.connections.delete(connection);
      const left = (this.countOf.get(address) ?? 0) - 1;
      if (left > 0) {
        this.countOf.set(address, left);
      } else {
        this.countOf.delete(address);
      }
    });
  }
}

function addressOf({ remoteAddress }: IncomingMessage['socket']): string {
  return remoteAddress ?? 'unknown';
}
