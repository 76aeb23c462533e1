import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  readonly url: string;
  /** Ends every session of the database and removes it. */
  drop(): Promise<void>;
}

const startDeadlineMs = 90_000;

/** A fresh, empty database on the server of this test run (see vitest.postgres.ts). */
export async function createTestDatabase(
  options: { readonly serverUrl?: string } = {},
): Promise<TestDatabase> {
  const serverUrl = options.serverUrl ?? injectedServerUrl();
  const name = `specie_test_${randomBytes(6).toString('hex')}`;
  await runOnServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: () => runOnServer(serverUrl, `drop database if exists ${name} with (force)`),
  };
}

function injectedServerUrl(): string {
  const url = inject('databaseUrl' as never) as string | undefined;
  if (!url) {
    throw new Error(
      'no databaseUrl: run the tests with the configuration at the root of the workspace',
    );
  }
  return url;
}

/** Waits for a server that is still starting. */
async function runOnServer(serverUrl: string, statement: string): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  for (;;) {
    const client = new pg.Client({ connectionString: serverUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      await client.query(statement);
      return;
    } finally {
      await client.end();
    }
  }
}
