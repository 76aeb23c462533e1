import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import {
  hasRole,
  Problem,
  RateLimiter,
  Unavailable,
  type CallerIdentity,
  type Metrics,
  type RefusalTexts,
  type TokenVerifier,
  type WriterRole,
} from '@specie/nest-platform';
import type { WebSocket } from 'ws';
import type {
  TakeOver,
  WebSocketEndpoint,
  WebSocketUpgrades,
} from '../web-socket/web-socket-upgrades.adapter.js';
import type { DisconnectCancels } from './disconnect-cancels.adapter.js';
import { OrderEntryConnection, type OrderEntryLimits } from './order-entry-connection.adapter.js';
import type { OrderEntryRequests } from './order-entry-requests.adapter.js';
import type { ReportHub } from './report-hub.adapter.js';

export interface OrderEntryServerOptions {
  readonly upgrades: WebSocketUpgrades;
  readonly hub: ReportHub;
  readonly requests: OrderEntryRequests;
  readonly disconnectCancels: DisconnectCancels;
  readonly role: Pick<WriterRole, 'state'>;
  readonly verifier: TokenVerifier;
  readonly metrics: Metrics;
  readonly refusals: RefusalTexts;
  readonly onFault: (error: unknown) => void;
  readonly limits: OrderEntryLimits & {
    readonly connectionCountMax: number;
    readonly connectionsPerPartyMax: number;
    readonly messageBytesMax: number;
    readonly requestsPerSecond: number;
    readonly heartbeatMs: number;
  };
}

/** Serves order entry by WebSocket, on the instance that writes. */
export class OrderEntryServer
  implements WebSocketEndpoint, OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly path = '/order-entry';
  private readonly options: OrderEntryServerOptions;
  private readonly limiter: RateLimiter;
  private readonly connections = new Set<OrderEntryConnection>();
  private heartbeats: NodeJS.Timeout | undefined;

  constructor(options: OrderEntryServerOptions) {
    this.options = options;
    this.limiter = new RateLimiter(options.limits.requestsPerSecond);
    options.upgrades.register(this);
    options.metrics.addGauge('specie_order_entry_connections', 'Clients of order entry', () =>
      Promise.resolve(this.connections.size),
    );
  }

  get messageBytesMax(): number {
    return this.options.limits.messageBytesMax;
  }

  onApplicationBootstrap(): void {
    this.heartbeats = setInterval(() => this.heartbeat(), this.options.limits.heartbeatMs);
    this.heartbeats.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.heartbeats);
    this.connections.forEach((connection) => connection.close('going_away'));
  }

  /** Why no connection is taken now; null where one is. Who the caller is has been verified. */
  refusal(caller: CallerIdentity): Problem | null {
    const { role, limits } = this.options;
    if (role.state !== 'writer') {
      return new Unavailable('order_entry_elsewhere');
    }
    const own = [...this.connections].filter(({ partyId }) => partyId === caller.partyId).length;
    return this.connections.size >= limits.connectionCountMax ||
      own >= limits.connectionsPerPartyMax
      ? new Problem(429, 'too_many_order_connections', { headers: { 'Retry-After': '5' } })
      : null;
  }

  async admit(request: IncomingMessage): Promise<TakeOver | null> {
    const caller = await this.callerOf(request);
    return caller && this.refusal(caller) === null
      ? (webSocket, socket) => this.connect(webSocket, socket, caller)
      : null;
  }

  /** Null for somebody who may not trade; the plain answer says why. */
  private async callerOf(request: IncomingMessage): Promise<CallerIdentity | null> {
    try {
      const caller = await this.options.verifier.verify(request.headers.authorization);
      return hasRole(caller, 'founder', 'investor', 'provider-admin') ? caller : null;
    } catch {
      return null;
    }
  }

  private connect(webSocket: WebSocket, socket: Socket, caller: CallerIdentity): void {
    const { hub, requests, refusals, onFault, limits } = this.options;
    const { partyId } = caller;
    const connection = new OrderEntryConnection({
      ...{ webSocket, socket, caller, requests, refusals, onFault, limits },
      tryTake: () => this.limiter.tryTake(partyId),
    });
    this.connections.add(connection);
    hub.add(connection);
    const msLeft = caller.expiresAtMs === undefined ? null : caller.expiresAtMs - Date.now();
    const expiry =
      msLeft === null ? undefined : setTimeout(() => connection.close('token_expired'), msLeft);
    expiry?.unref();
    webSocket.on('close', () => {
      clearTimeout(expiry);
      this.connections.delete(connection);
      hub.remove(connection);
      if (!hub.hasReaders(partyId)) {
        this.options.disconnectCancels.connectionEnded(partyId).catch(onFault);
      }
    });
  }

  private heartbeat(): void {
    const isWriting = this.options.role.state === 'writer';
    for (const connection of this.connections) {
      if (!isWriting) connection.close('not_writing');
      connection.heartbeat();
    }
  }
}
