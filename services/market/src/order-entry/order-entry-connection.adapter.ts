import type { Duplex } from 'node:stream';
import type { CallerIdentity, RefusalTexts } from '@specie/nest-platform';
import type { RawData, WebSocket } from 'ws';
import type { OrderEntryRequests, OrderEntryResult } from './order-entry-requests.adapter.js';
import { orderEntryRequest } from './order-entry.dto.js';
import { orderEntryEnds, type OrderEntryEnd } from './order-entry-ends.js';
import { refusal } from './refusal-message.dto.js';
import type { ReportReader } from './report-hub.adapter.js';

export interface OrderEntryLimits {
  /** What may wait for a client that does not read. */
  readonly waitingBytesMax: number;
  /** Requests of one connection without a result yet. */
  readonly inFlightMax: number;
}

export interface OrderEntryConnectionOptions {
  readonly webSocket: WebSocket;
  /** What `webSocket` writes to. */
  readonly socket: Duplex;
  readonly caller: CallerIdentity;
  readonly requests: OrderEntryRequests;
  /** Whether the party may send one more request now. */
  readonly tryTake: () => boolean;
  readonly refusals: RefusalTexts;
  readonly limits: OrderEntryLimits;
  readonly onFault: (error: unknown) => void;
}

/** So many heartbeats a client may leave without any sign of life. */
const silentBeatCountMax = 3;

/** One client of order entry: its requests in, results and the reports of its party out. */
export class OrderEntryConnection implements ReportReader {
  private readonly options: OrderEntryConnectionOptions;
  private inFlightCount = 0;
  private silentBeatCount = 0;
  private isEnded = false;
  private isCorked = false;

  constructor(options: OrderEntryConnectionOptions) {
    this.options = options;
    const { webSocket } = options;
    webSocket.on('message', (data, isBinary) => this.receive(data, isBinary));
    webSocket.on('pong', () => {
      this.silentBeatCount = 0;
    });
    // What it reports is the client's fault or the network's; `close` follows.
    webSocket.on('error', () => undefined);
  }

  get partyId(): string {
    return this.options.caller.partyId;
  }

  /** Messages of one turn leave in one write. */
  take(bytes: Buffer): void {
    const { socket, webSocket, limits } = this.options;
    if (this.isEnded) return;
    if (!this.isCorked) {
      this.isCorked = true;
      socket.cork();
      setImmediate(() => {
        this.isCorked = false;
        socket.uncork();
      });
    }
    webSocket.send(bytes, { binary: false });
    if (webSocket.bufferedAmount > limits.waitingBytesMax) {
      this.close('slow_consumer');
    }
  }

  close(end: OrderEntryEnd): void {
    if (!this.isEnded) {
      this.isEnded = true;
      const { code, remedy } = orderEntryEnds[end];
      this.options.webSocket.close(code, `${end}: ${remedy}`);
    }
  }

  heartbeat(): void {
    this.silentBeatCount += 1;
    if (this.isEnded || this.silentBeatCount > silentBeatCountMax) {
      this.options.webSocket.terminate();
    } else {
      this.options.webSocket.ping();
    }
  }

  private receive(data: RawData, isBinary: boolean): void {
    if (this.isEnded) return;
    this.silentBeatCount = 0;
    const message = isBinary ? undefined : jsonOf(data);
    const parsed = orderEntryRequest.safeParse(message);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const code = message === undefined ? 'message_malformed' : 'message_invalid';
      const details = issue ? { path: issue.path.join('.'), expected: issue.message } : {};
      this.answer(idOf(message), { refusal: refusal(code, this.options.refusals, details) });
      return;
    }
    const request = parsed.data;
    if (!this.options.tryTake()) {
      const waitMs = 1_000;
      this.answer(request.id, {
        refusal: refusal('rate_limited', this.options.refusals, { retryAfterMs: waitMs }),
      });
      return;
    }
    if (this.inFlightCount >= this.options.limits.inFlightMax) {
      this.answer(request.id, { refusal: refusal('too_many_in_flight', this.options.refusals) });
      return;
    }
    this.inFlightCount += 1;
    this.options.requests
      .carryOut(request, this.options.caller)
      .catch((error: unknown): OrderEntryResult => {
        this.options.onFault(error);
        return { refusal: refusal('request_failed', this.options.refusals) };
      })
      .then((result) => {
        this.inFlightCount -= 1;
        this.answer(request.id, result);
      })
      .catch(this.options.onFault);
  }

  private answer(id: string | null, result: OrderEntryResult): void {
    this.take(Buffer.from(JSON.stringify({ type: 'result', id, ...result })));
  }
}

function idOf(message: unknown): string | null {
  const { id } = (message ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' && id.length <= 36 ? id : null;
}

function jsonOf(data: RawData): unknown {
  try {
    // ws gives text as one buffer unless it is told otherwise.
    return JSON.parse((data as Buffer).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
