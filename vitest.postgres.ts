import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from './libs/local-platform/src/ports.js';
import { startPostgres } from './libs/local-platform/src/postgres.js';
import { isAskedFor } from './vitest.selection.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A PostgreSQL server with rights to create databases; each test makes its own database on it. */
    databaseUrl: string;
  }
}

/**
 * Gives the whole run one PostgreSQL, if a selected spec asks for it: the server of `DATABASE_URL`, or an embedded one in a temporary
 * directory that is removed at the end. fsync stays on, because the store's promises are about commits.
 */
export default async function setUpPostgres(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  if (!isAskedFor(project, 'databaseUrl')) return undefined;
  const external = process.env['DATABASE_URL'];
  if (external) {
    process.stdout.write(`PostgreSQL at ${new URL(external).host}, as DATABASE_URL says\n`);
    project.provide('databaseUrl', external);
    return undefined;
  }
  const port = await freePort();
  // Not awaited: tests without a database start at once, the others wait when they connect.
  const starting = mkdtemp(join(tmpdir(), 'specie-test-postgres-')).then(async (folder) => ({
    folder,
    server: await startPostgres({
      dataDir: join(folder, 'data'),
      port,
      settings: { max_wal_size: '2GB' },
    }),
  }));
  starting.catch((error: unknown) =>
    console.error('the PostgreSQL of the tests did not start:', error),
  );
  project.provide('databaseUrl', `postgresql://specie@127.0.0.1:${port}/postgres`);
  return async () => {
    const { folder, server } = await starting;
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
