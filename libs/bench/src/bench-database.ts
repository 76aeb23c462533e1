import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@specie/local-platform';
import pg from 'pg';

/** Of 16 MB; more than a run writes. */
const usedSegmentCount = 100;

/**
 * A PostgreSQL for one run, on which ours and the peer get a database each. fsync is on. As on a server
 * that has been running for a while, there are used WAL segments to write into: a new cluster would stop
 * every writer for some 50 ms whenever it makes its next one.
 */
export interface BenchServer {
  newDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'specie-bench-'));
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    settings: {
      shared_buffers: '1GB',
      min_wal_size: '2GB',
      max_wal_size: '8GB',
      checkpoint_timeout: '15min',
    },
  });
  await useUpWalSegments(server.url('postgres'));
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

/** Fills segments with next to nothing; the checkpoint puts them back for use. */
async function useUpWalSegments(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (let segment = 0; segment < usedSegmentCount; segment += 1) {
    await client.query("select pg_logical_emit_message(false, 'bench', 'x'), pg_switch_wal()");
  }
  await client.query('checkpoint');
  await client.end();
}
