import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { ServiceApp } from '../src/index.js';

/** A connection over which a test sends what no client library would. */
export class RawConnection {
  private readonly socket: Socket;
  /** Everything that was read so far. */
  received = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    // Being cut off is what most tests wait for.
    socket.on('error', () => undefined);
  }

  static async open(
    url: string,
    options: { readonly reads: boolean } = { reads: true },
  ): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const connection = new RawConnection(socket);
    if (options.reads) {
      socket.setEncoding('utf8');
      socket.on('data', (text: string) => (connection.received += text));
    }
    return connection;
  }

  write(text: string): void {
    this.socket.write(text);
  }

  get isClosed(): boolean {
    return this.socket.closed;
  }

  hangUp(): void {
    this.socket.destroy();
  }
}

/** The head and, unless it is null, the body of a request with a token and a key of its own. */
export function rawRequest(
  method: string,
  target: string,
  options: {
    readonly token?: string;
    readonly body?: unknown;
    readonly headers?: readonly string[];
  } = {},
): string {
  const { token, body, headers = [] } = options;
  const text = body === undefined ? '' : JSON.stringify(body);
  return [
    `${method} ${target} HTTP/1.1`,
    'Host: x',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(method === 'GET' ? [] : [`Idempotency-Key: ${randomUUID()}`]),
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${text.length}`]),
    ...headers,
    '',
    text,
  ].join('\r\n');
}

/** How many connections the service has open. */
export function connectionCount(service: ServiceApp): Promise<number> {
  const server = service.app.getHttpServer() as Server;
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
