import type { Server } from 'node:http';

/** Bounds how long a connection may take to say what it wants, and how long it may say nothing. */
export function limitTimes(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 65_000;
}

/** The port a server really listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) {
    throw new Error('the server does not listen on a port');
  }
  return address.port;
}
