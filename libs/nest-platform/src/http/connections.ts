import type { ServerResponse } from 'node:http';
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

  /**
   * Whether a request may be served. `answered` is then called once: when the answer is out, or the connection is gone.
   */
  enter(socket: Socket, response: ServerResponse, answered: () => void): boolean {
    // Node goes on emitting what it has read of a connection that is cut.
    if (socket.destroyed) {
      return false;
    }
    const connection = this.open.get(socket) ?? this.watch(socket);
    if (connection.pendingCount >= pendingCountMax) {
      this.cut(socket, 'too_many_pending');
      return false;
    }
    connection.add(response, answered);
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
  private readonly pending = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  /** Bytes that were taken when answers were last seen waiting; null when none waited. */
  private takenBytes: number | null = null;

  constructor(socket: Socket, writeTimeoutMs: number, onStalled: () => void) {
    this.socket = socket;
    this.writeTimeoutMs = writeTimeoutMs;
    this.onStalled = onStalled;
    // Of several answers that wait on a connection, Node 20 closes only the first with it.
    socket.once('close', () => [...this.pending].forEach((end) => end()));
  }

  get pendingCount(): number {
    return this.pending.size;
  }

  add(response: ServerResponse, answered: () => void): void {
    const end = (): void => {
      if (!this.pending.delete(end)) {
        return;
      }
      if (this.pending.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
        this.takenBytes = null;
      }
      answered();
    };
    this.pending.add(end);
    response.once('close', end);
    this.timer ??= setInterval(() => this.check(), this.writeTimeoutMs);
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
