import type { EventEmitter } from 'node:events';
import type { DataSource } from 'typeorm';

const guarded = new WeakSet<EventEmitter>();

/**
 * Gives every connection of the pool an error listener for life. The driver attaches its own a moment
 * after a connection is handed out; a server that ends the session in that moment would otherwise raise
 * an uncaught "error" event and end the process.
 */
export function guardPool(dataSource: DataSource): void {
  const pool = (dataSource.driver as unknown as { readonly master?: EventEmitter }).master;
  if (pool && !guarded.has(pool)) {
    guarded.add(pool);
    pool.on('connect', (client: EventEmitter) => {
      client.on('error', () => undefined);
    });
  }
}
