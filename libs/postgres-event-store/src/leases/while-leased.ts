import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { LeaseTable, type Lease, type LeaseQuery } from './lease-table.js';

export interface WhileLeasedOptions {
  readonly scope: string;
  readonly name: string;
  readonly ttlMs?: number;
  readonly schema?: string;
}

/** What work under a lease can ask about it. */
export interface LeaseHold {
  readonly lease: Lease;
  /** Aborted when the lease is lost: another instance may do the same work by then. */
  readonly signal: AbortSignal;
}

/**
 * Runs `work` unless another living instance does, and renews the lease meanwhile. False when it was not
 * run. A paused instance loses its lease after `ttlMs` and then runs beside its successor, so the work must
 * be safe to do twice, or ask `LeaseTable.isHeld` in the transaction that counts.
 */
export async function whileLeased(
  dataSource: DataSource,
  { scope, name, ttlMs = 15_000, schema = 'public' }: WhileLeasedOptions,
  work: (hold: LeaseHold) => Promise<void>,
): Promise<boolean> {
  const table = new LeaseTable(schema);
  const query = queryOf(dataSource);
  const holder = randomUUID();
  const [lease] = await table.take(query, { scope, names: [name], holder, ttlMs });
  if (!lease) {
    return false;
  }
  const lost = new AbortController();
  const renewing = setInterval(() => {
    table.renew(query, holder, ttlMs).then(
      (held) => (held.length === 0 ? lost.abort() : undefined),
      () => undefined,
    );
  }, ttlMs / 5);
  renewing.unref();
  try {
    await work({ lease, signal: lost.signal });
    return true;
  } finally {
    clearInterval(renewing);
    await table.release(query, [lease]).catch(() => undefined);
  }
}

/** Runs lease statements on whichever connection `source` picks: a data source, or a transaction's manager. */
export function queryOf(source: {
  query<T>(text: string, values?: unknown[]): Promise<T>;
}): LeaseQuery {
  return <Row>(text: string, values: readonly unknown[]) =>
    source.query<readonly Row[]>(text, [...values]);
}
