import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { limitTimes, portOf } from './http-server.js';

/** A second way in, for operators: the application tells by the connection what it serves there. */
export class ManagementServer {
  private readonly sockets = new WeakSet<Socket>();
  private server: Server | undefined;

  /** Whether the connection came in here. */
  owns(socket: Socket): boolean {
    return this.sockets.has(socket);
  }

  /** Listens and resolves to the port. */
  async listen(
    application: RequestListener,
    at: { readonly port: number; readonly host: string },
  ): Promise<number> {
    const server = createServer(application);
    limitTimes(server);
    server.on('connection', (socket) => this.sockets.add(socket));
    this.server = server;
    await once(server.listen(at), 'listening');
    return portOf(server);
  }

  async close(): Promise<void> {
    if (this.server?.listening) {
      this.server.closeAllConnections();
      await new Promise((resolve) => this.server?.close(resolve));
    }
  }
}
