import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { MarketDataHub, Subscription } from './market-data-hub.js';
import type { Subscriber } from './message-stream.js';
import { clientMessage, type ClientMessage } from './messages.dto.js';
import {
  feedEnds,
  feedErrors,
  type FeedEnd,
  type FeedErrorCode,
  type ServerMessage,
} from './messages.js';

export interface ConnectionLimits {
  /** What may wait for a client that does not read; it must be more than a snapshot of the largest book. */
  readonly waitingBytesMax: number;
  readonly subscriptionCountMax: number;
  /** From one heartbeat to the next. */
  readonly messageCountMax: number;
}

export interface ConnectionOptions {
  readonly webSocket: WebSocket;
  /** What `webSocket` writes to. */
  readonly socket: Duplex;
  readonly hub: MarketDataHub;
  readonly limits: ConnectionLimits;
  readonly now: () => string;
  /** Called once, as soon as the service has decided to end it; not where the client did. */
  readonly onEnd: (end: FeedEnd) => void;
}

/** So many heartbeats a client may leave without any sign of life. */
const silentBeatCountMax = 3;

/** One client of the market data. */
export class Connection implements Subscriber {
  private readonly options: ConnectionOptions;
  private readonly subscriptions = new Map<string, Subscription>();
  private isCorked = false;
  private isEnded = false;
  private messageCount = 0;
  private silentBeatCount = 0;

  constructor(options: ConnectionOptions) {
    this.options = options;
    const { webSocket } = options;
    webSocket.on('message', (data, isBinary) => this.receive(data, isBinary));
    webSocket.on('pong', () => this.hear());
    webSocket.on('close', () => this.leave());
    // What it reports is the client's fault or the network's; `close` follows.
    webSocket.on('error', () => undefined);
  }

  take(bytes: Buffer): void {
    if (!this.isCorked) {
      this.isCorked = true;
      this.options.socket.cork();
    }
    this.options.webSocket.send(bytes, { binary: false });
  }

  flush(): void {
    if (this.isCorked) {
      this.isCorked = false;
      this.options.socket.uncork();
    }
    if (this.options.webSocket.bufferedAmount > this.options.limits.waitingBytesMax) {
      this.close('slow_consumer');
    }
  }

  end(): void {
    this.close('not_writing');
  }

  /** Tells the client why, and waits for its answer until the next heartbeat. */
  close(end: FeedEnd): void {
    if (this.isEnded) {
      return;
    }
    this.isEnded = true;
    this.leave();
    this.options.onEnd(end);
    this.options.webSocket.close(feedEnds[end].code, `${end}: ${feedEnds[end].remedy}`);
  }

  /** Ends what is over, and looks whether the client is still there. */
  heartbeat(): void {
    if (this.isEnded) {
      this.options.webSocket.terminate();
      return;
    }
    this.messageCount = 0;
    this.silentBeatCount += 1;
    if (this.silentBeatCount > silentBeatCountMax) {
      this.close('silent');
    } else {
      this.options.webSocket.ping();
    }
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.isEnded) {
      return;
    }
    this.hear();
    this.messageCount += 1;
    if (this.messageCount > this.options.limits.messageCountMax) {
      this.close('too_many_messages');
      return;
    }
    const message = isBinary ? undefined : jsonOf(data);
    if (message === undefined) {
      this.refuse('message_malformed');
      return;
    }
    const { success, data: request } = clientMessage.safeParse(message);
    if (success) {
      this.handle(request);
    } else {
      this.refuse('message_invalid');
    }
  }

  private handle(request: ClientMessage): void {
    switch (request.op) {
      case 'ping':
        return this.answer({ type: 'pong', at: this.options.now() });
      case 'subscribe':
        return this.subscribe(request);
      case 'unsubscribe':
        return this.unsubscribe(request);
    }
  }

  private subscribe(request: Extract<ClientMessage, { readonly op: 'subscribe' }>): void {
    const key = keyOf(request);
    if (!this.options.hub.isOpen) {
      this.close('not_writing');
    } else if (
      !this.subscriptions.has(key) &&
      this.subscriptions.size >= this.options.limits.subscriptionCountMax
    ) {
      this.refuse('too_many_subscriptions');
    } else if (this.options.hub.subscribe(this, request)) {
      this.subscriptions.set(key, request);
    } else {
      this.refuse('book_unknown');
    }
  }

  private unsubscribe({ channel, seriesId }: Subscription): void {
    if (!this.subscriptions.delete(keyOf({ channel, seriesId }))) {
      this.refuse('not_subscribed');
      return;
    }
    this.options.hub.unsubscribe(this, { channel, seriesId });
    this.answer({ type: 'unsubscribed', channel, seriesId });
  }

  private refuse(code: FeedErrorCode): void {
    this.answer({ type: 'error', code, detail: feedErrors[code] });
  }

  private answer(message: ServerMessage): void {
    this.take(Buffer.from(JSON.stringify(message)));
    this.flush();
  }

  private hear(): void {
    this.silentBeatCount = 0;
  }

  private leave(): void {
    for (const subscription of this.subscriptions.values()) {
      this.options.hub.unsubscribe(this, subscription);
    }
    this.subscriptions.clear();
  }
}

function keyOf({ channel, seriesId }: Subscription): string {
  return `${channel}/${seriesId}`;
}

function jsonOf(data: RawData): unknown {
  try {
    // ws gives text as one buffer unless it is told otherwise.
    return JSON.parse((data as Buffer).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
