import {
  getPostgreSQLEventStore,
  type PostgresEventStore,
} from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

export const peerName = '@event-driven-io/emmett-postgresql 0.42.0';

export interface PeerStore {
  readonly store: PostgresEventStore;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** The peer with its schema in place and a pool that never makes its callers wait. */
export async function openPeer(url: string, connectionCount = 64): Promise<PeerStore> {
  const pool = new pg.Pool({ connectionString: url, max: connectionCount });
  pool.on('error', () => undefined);
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool, pooled: true } });
  await store.schema.migrate();
  return {
    store,
    pool,
    close: async () => {
      await store.close();
      if (!pool.ended) {
        await pool.end();
      }
    },
  };
}
