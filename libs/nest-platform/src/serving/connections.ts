import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Metrics } from '../metrics.js';

/** Unanswered requests of one connection. Clients and proxies send the next when they have the answer; few send several. */
export const pendingCountMax = 16;

/** The connections with requests that are not answered. Those that ask more than they read are cut. */
export class Connections {
  private readonly open = new WeakMap<Socket, Connection>();
  private readonly writeTimeoutMs: number;
  private readonly metrics: Pick<Metrics, 'connectionsCut'>;

  constructor(writeTimeoutMs: number, metrics: Pick<Metrics, 'connectionsCut'>) {
    this.writeTimeoutMs = writeTimeoutMs;
    this.metrics = metrics;
  }

  /** `application` as a server calls it, for the requests that a connection may have under way. */
  guard(application: RequestListener): RequestListener {
    return (request, response) => {
      if (this.enter(request.socket, response)) {
        application(request, response);
      } else {
        // Otherwise Node gives each of a thousand an error with a stack when the connection closes.
        request.destroy();
      }
    };
  }

  /** Calls `listener` once: when the answer is out, or the connection is gone. */
  onAnswered(response: ServerResponse, listener: () => void): void {
    const socket = response.req.socket;
    this.open.get(socket)?.onAnswered(response, listener);
  }

  private enter(socket: Socket, response: ServerResponse): boolean {
    // Node goes on emitting what it has read of a connection that is cut.
    if (socket.destroyed) {
      return false;
    }
    const connection = this.open.get(socket) ?? this.watch(socket);
    if (connection.pendingCount >= pendingCountMax) {
      this.cut(socket, 'too_many_pending');
      return false;
    }
    connection.add(response);
    return true;
  }

  private watch(socket: Socket): Connection {
    const connection = new Connection(socket, this.writeTimeoutMs, () =>
      this.cut(socket, 'write_timeout'),
    );
    this.open.set(socket, connection);
    return connection;
  }

  private cut(socket: Socket, reason: 'too_many_pending' | 'write_timeout'): void {
    this.metrics.connectionsCut.inc({ reason });
    // With a plain end the kernel would go on keeping what the client does not take.
    socket.resetAndDestroy();
  }
}

class Connection {
  private readonly socket: Socket;
  private readonly writeTimeoutMs: number;
  private readonly onStalled: () => void;
  private readonly pending = new Map<ServerResponse, (() => void)[]>();
  private timer: NodeJS.Timeout | undefined;
  /** Bytes that were taken when answers were last seen waiting; null when none waited. */
  private takenBytes: number | null = null;

  constructor(socket: Socket, writeTimeoutMs: number, onStalled: () => void) {
    this.socket = socket;
    this.writeTimeoutMs = writeTimeoutMs;
    this.onStalled = onStalled;
    // The framework may listen once for each answer that waits; Node would warn of a leak at eleven.
    socket.setMaxListeners(2 * pendingCountMax);
    // Of several answers that wait on a connection, Node 20 closes only the first with it.
    socket.once('close', () => [...this.pending.keys()].forEach((response) => this.end(response)));
  }

  get pendingCount(): number {
    return this.pending.size;
  }

  add(response: ServerResponse): void {
    this.pending.set(response, []);
    response.once('close', () => this.end(response));
    this.timer ??= setInterval(() => this.check(), this.writeTimeoutMs);
  }

  onAnswered(response: ServerResponse, listener: () => void): void {
    this.pending.get(response)?.push(listener);
  }

  private end(response: ServerResponse): void {
    const listeners = this.pending.get(response) ?? [];
    this.pending.delete(response);
    if (this.pending.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      this.takenBytes = null;
    }
    listeners.forEach((listener) => listener());
  }

  private check(): void {
    const { writableLength, bytesWritten } = this.socket;
    const takenBytes = writableLength > 0 ? bytesWritten - writableLength : null;
    if (takenBytes !== null && takenBytes === this.takenBytes) {
      this.onStalled();
    }
    this.takenBytes = takenBytes;
  }
}
