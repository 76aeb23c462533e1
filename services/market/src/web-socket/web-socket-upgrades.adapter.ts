import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { OnApplicationBootstrap } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { WebSocketServer, type WebSocket } from 'ws';

/** Takes a client over once its connection is a WebSocket. */
export type TakeOver = (webSocket: WebSocket, socket: Socket) => void;

/** What answers at one path. */
export interface WebSocketEndpoint {
  readonly path: string;
  readonly messageBytesMax: number;
  /** How to go on with a request; null where it is answered as a plain one at the same path, which says why. */
  admit(request: IncomingMessage): TakeOver | null | Promise<TakeOver | null>;
}

/** Serves WebSockets on the port of the service: the one place that listens for upgrades. */
export class WebSocketUpgrades implements OnApplicationBootstrap {
  private readonly endpoints = new Map<
    string,
    { readonly endpoint: WebSocketEndpoint; readonly sockets: WebSocketServer }
  >();

  constructor(private readonly http: HttpAdapterHost) {}

  register(endpoint: WebSocketEndpoint): void {
    const sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: endpoint.messageBytesMax,
    });
    this.endpoints.set(endpoint.path, { endpoint, sockets });
  }

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    // Node 24.9 and later ask; earlier ones give every request for another protocol to the listener.
    Object.assign(server, {
      shouldUpgradeCallback: (request: IncomingMessage) => this.endpointOf(request) !== undefined,
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.upgrade(request, socket, head).then(
        (isTaken) => {
          if (!isTaken) answerPlainly(server, request, socket);
        },
        () => socket.destroy(),
      );
    });
  }

  private async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<boolean> {
    const found = this.endpointOf(request);
    const takeOver = found ? await found.endpoint.admit(request) : null;
    if (found && takeOver) {
      found.sockets.handleUpgrade(request, socket, head, (webSocket) =>
        takeOver(webSocket, socket),
      );
    }
    return takeOver !== null;
  }

  private endpointOf({ url, headers }: IncomingMessage) {
    return headers.upgrade?.toLowerCase() === 'websocket'
      ? this.endpoints.get(url?.split('?', 1)[0] ?? '')
      : undefined;
  }
}

/** Serves a request for another protocol as if it had not asked for one. */
function answerPlainly(server: Server, request: IncomingMessage, socket: Socket): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.end());
  server.emit('request', request, response);
}
