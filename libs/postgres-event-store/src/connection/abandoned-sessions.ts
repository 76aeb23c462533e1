import type { DataSource, QueryRunner } from 'typeorm';

/**
 * Ends this role's sessions of this database that wait for their client inside a transaction for longer
 * than `afterMs`. Only a paused or cut-off instance keeps PostgreSQL waiting there, and what it has locked
 * (the head of the log, an inbox row) stops every other instance for as long. The server's own
 * `idle_in_transaction_session_timeout` does not see a COPY whose rows never come.
 */
export async function endAbandonedSessions(
  source: DataSource | QueryRunner,
  afterMs: number,
): Promise<number> {
  const rows = (await source.query(
    `select count(pg_terminate_backend(pid)) from pg_stat_activity
      where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
        and backend_type = 'client backend' and wait_event = 'ClientRead' and xact_start is not null
        and state_change < clock_timestamp() - $1::int * interval '1 millisecond'`,
    [afterMs],
  )) as readonly { readonly count: string }[];
  return Number(rows[0]?.count ?? 0);
}

/** Looks for abandoned sessions again and again until it is stopped. */
export class AbandonedSessions {
  private readonly timer: NodeJS.Timeout;
  private isLooking = false;

  constructor(dataSource: DataSource, afterMs: number) {
    this.timer = setInterval(() => {
      if (this.isLooking || !dataSource.isInitialized) {
        return;
      }
      this.isLooking = true;
      endAbandonedSessions(dataSource, afterMs)
        // A database that does not answer holds no locks for others either.
        .catch(() => undefined)
        .finally(() => {
          this.isLooking = false;
        });
    }, afterMs / 3);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
