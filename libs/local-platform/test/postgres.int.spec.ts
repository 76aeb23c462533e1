import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PostgresServer, startPostgres } from '../src/postgres.js';

describe('A killed PostgreSQL', () => {
  let folder: string;
  let server: PostgresServer;

  beforeAll(async () => {
    vi.stubEnv('DATABASE_URL', '');
    folder = await mkdtemp(join(tmpdir(), 'specie-local-platform-'));
    server = await startPostgres({ dataDir: join(folder, 'postgres') });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    vi.unstubAllEnvs();
  });

  it('starts again although a backend was too busy to notice', async () => {
    const client = new pg.Client({ connectionString: server.url() });
    client.on('error', () => undefined);
    await client.connect();
    const endless = client.query('select count(*) from generate_series(1, 1e12::bigint)');
    const cut = expect(endless).rejects.toThrow('Connection terminated');
    await server.kill();
    await cut;
    await server.restart();
    const again = new pg.Client({ connectionString: server.url() });
    await again.connect();
    expect((await again.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await again.end();
  });
});
