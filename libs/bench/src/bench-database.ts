import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@specie/local-platform';

/** A PostgreSQL for one run, on which ours and the peer get a database each. fsync is on. */
export interface BenchServer {
  newDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'specie-bench-'));
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    settings: { shared_buffers: '1GB', max_wal_size: '8GB', checkpoint_timeout: '15min' },
  });
  return {
    newDatabase: async () => {
      const name = `bench_${randomBytes(6).toString('hex')}`;
      await server.createDatabase(name);
      return server.url(name);
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
