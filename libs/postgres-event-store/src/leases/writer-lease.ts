import type { DataSource, QueryRunner } from 'typeorm';
import { discardRunner } from '../connection/discard-runner.js';
import type { LogTables } from '../schema/log-tables.js';

export interface BecomeWriterOptions {
  readonly instanceId: string;
  /** Where other instances send what only the writer may do. */
  readonly advertisedUrl: string;
  /** Called once when another instance took over or the database connection of the lease was lost. */
  readonly onLost?: () => void;
  /** Stops waiting for the lease. */
  readonly signal?: AbortSignal;
}

export interface CurrentWriter {
  readonly epoch: number;
  readonly instanceId: string;
  readonly advertisedUrl: string;
  readonly heartbeatAgeMs: number;
}

export interface LeaseTiming {
  readonly pollMs: number;
  readonly heartbeatMs: number;
  /** A writer that is silent for so long is taken to be paused or cut off, and is replaced. */
  readonly staleAfterMs: number;
}

interface WriterRow {
  readonly epoch: string;
  readonly writer: string;
  readonly advertised_url: string;
  readonly backend_pid: number;
  readonly heartbeat_age_ms: string;
}

/**
 * The right to be the only writer of a log. It is elected by a session advisory lock, which PostgreSQL
 * releases as soon as the holder's process ends, and made safe by the epoch in the head row: taking over
 * raises it, so a late append of the former writer matches no row.
 */
export class WriterLease {
  readonly epoch: number;
  private readonly runner: QueryRunner;
  private readonly tables: LogTables;
  private readonly onLost: () => void;
  private heartbeat: NodeJS.Timeout | null = null;
  private ended = false;

  private constructor(options: {
    readonly epoch: number;
    readonly runner: QueryRunner;
    readonly tables: LogTables;
    readonly timing: LeaseTiming;
    readonly onLost: () => void;
  }) {
    this.epoch = options.epoch;
    this.runner = options.runner;
    this.tables = options.tables;
    this.onLost = options.onLost;
    this.scheduleHeartbeat(options.timing);
  }

  get isHeld(): boolean {
    return !this.ended;
  }

  /** Waits until this instance is the writer. */
  static async acquire(
    dataSource: DataSource,
    tables: LogTables,
    options: BecomeWriterOptions & { readonly timing: LeaseTiming },
  ): Promise<WriterLease> {
    const { timing, signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      const runner = dataSource.createQueryRunner();
      try {
        const epoch = await tryAcquire(runner, tables, options);
        if (epoch !== null) {
          return new WriterLease({
            epoch,
            runner,
            tables,
            timing,
            onLost: options.onLost ?? (() => undefined),
          });
        }
        await runner.release();
      } catch (error) {
        await discardRunner(runner);
        if (signal?.aborted) {
          throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, timing.pollMs));
    }
  }

  static async current(dataSource: DataSource, tables: LogTables): Promise<CurrentWriter | null> {
    const row = await readWriter((text) => dataSource.query<WriterRow[]>(text), tables);
    return row
      ? {
          epoch: Number(row.epoch),
          instanceId: row.writer,
          advertisedUrl: row.advertised_url,
          heartbeatAgeMs: Number(row.heartbeat_age_ms),
        }
      : null;
  }

  /** Steps down; another instance may take over at once. */
  async release(): Promise<void> {
    if (this.end()) {
      await this.runner
        .query(`delete from ${this.tables.writerLease} where epoch = $1`, [this.epoch])
        .catch(() => undefined);
      await discardRunner(this.runner);
    }
  }

  /** The epoch has moved on, or the lock is gone: this instance is no longer the writer. */
  lose(): void {
    if (this.end()) {
      void discardRunner(this.runner);
      this.onLost();
    }
  }

  private end(): boolean {
    const wasHeld = !this.ended;
    this.ended = true;
    if (this.heartbeat) {
      clearTimeout(this.heartbeat);
    }
    return wasHeld;
  }

  private scheduleHeartbeat(timing: LeaseTiming): void {
    this.heartbeat = setTimeout(() => {
      this.beat().then(
        (held) => {
          if (!held) {
            this.lose();
          } else if (!this.ended) {
            this.scheduleHeartbeat(timing);
          }
        },
        () => this.lose(),
      );
    }, timing.heartbeatMs);
    this.heartbeat.unref();
  }

  private async beat(): Promise<boolean> {
    const result = (await this.runner.query(
      `update ${this.tables.writerLease} set heartbeat_at = clock_timestamp() where epoch = $1`,
      [this.epoch],
    )) as [unknown[], number];
    return result[1] === 1;
  }
}

/** The new epoch, or null when another living instance is the writer. */
async function tryAcquire(
  runner: QueryRunner,
  tables: LogTables,
  options: BecomeWriterOptions & { readonly timing: LeaseTiming },
): Promise<number | null> {
  const locked = (await runner.query(
    `select pg_try_advisory_lock(hashtextextended('specie writer ' || $1 || current_database(), 0)) as held,
            pg_backend_pid() as pid`,
    [tables.logHead],
  )) as { held: boolean; pid: number }[];
  if (!locked[0]?.held) {
    await replaceSilentWriter(runner, tables, options.timing);
    return null;
  }
  // A dead peer's host must not keep the lock: probe the connection every second.
  await runner.query('set tcp_keepalives_idle = 1');
  await runner.query('set tcp_keepalives_interval = 1');
  await runner.query('set tcp_keepalives_count = 2');
  const rows = (await runner.query(
    `with head as (update ${tables.logHead} set epoch = epoch + 1 returning epoch)
     insert into ${tables.writerLease} (epoch, writer, advertised_url, backend_pid, heartbeat_at)
     select epoch, $1, $2, $3, clock_timestamp() from head
     on conflict (one) do update set epoch = excluded.epoch, writer = excluded.writer,
       advertised_url = excluded.advertised_url, backend_pid = excluded.backend_pid,
       heartbeat_at = excluded.heartbeat_at
     returning epoch`,
    [options.instanceId, options.advertisedUrl, locked[0].pid],
  )) as { epoch: string }[];
  return Number(rows[0]?.epoch);
}

/** Ends the session of a writer that stopped its heartbeat but still holds the lock (paused, cut off). */
async function replaceSilentWriter(
  runner: QueryRunner,
  tables: LogTables,
  timing: LeaseTiming,
): Promise<void> {
  const row = await readWriter(async (text) => (await runner.query(text)) as WriterRow[], tables);
  if (row && Number(row.heartbeat_age_ms) > timing.staleAfterMs) {
    await runner.query('select pg_terminate_backend($1)', [row.backend_pid]);
  }
}

async function readWriter(
  query: (text: string) => Promise<WriterRow[]>,
  tables: LogTables,
): Promise<WriterRow | undefined> {
  const rows = await query(
    `select epoch, writer, advertised_url, backend_pid,
            extract(epoch from clock_timestamp() - heartbeat_at) * 1000 as heartbeat_age_ms
       from ${tables.writerLease}`,
  );
  return rows[0];
}
