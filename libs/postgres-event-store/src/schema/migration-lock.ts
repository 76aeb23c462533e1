import type { QueryRunner } from 'typeorm';
import { endAbandonedSessions } from '../connection/abandoned-sessions.js';

/** PostgreSQL's advisory lock key under which migrations run, so that instances may start together. */
export const migrationLockKey = 4_711_001;

export interface MigrationLockTiming {
  readonly heartbeatMs: number;
  /** A holder whose session is silent for so long is taken to be paused, and its session is ended. */
  readonly silentAfterMs: number;
  readonly pollMs: number;
}

const timingDefault: MigrationLockTiming = {
  heartbeatMs: 1_000,
  silentAfterMs: 15_000,
  pollMs: 100,
};

/**
 * Runs `work` while no other instance migrates. The lock is the session's, since the table of leases is
 * itself made by a migration; the holder queries on its session as a heartbeat, and who waits ends the
 * session of a silent holder. What a paused holder still does then is refused by PostgreSQL: its own
 * migration is one transaction, and the tables are there already.
 */
export async function withMigrationLock(
  runner: QueryRunner,
  work: () => Promise<void>,
  timing = timingDefault,
): Promise<void> {
  while (!(await tryLock(runner))) {
    await endSilentHolder(runner, timing.silentAfterMs);
    await new Promise((resolve) => setTimeout(resolve, timing.pollMs));
  }
  const heartbeat = setInterval(() => {
    runner.query('select 1').catch(() => undefined);
  }, timing.heartbeatMs);
  try {
    await work();
  } finally {
    clearInterval(heartbeat);
    if (!runner.isReleased) {
      await runner.query('select pg_advisory_unlock($1)', [migrationLockKey]);
    }
  }
}

async function tryLock(runner: QueryRunner): Promise<boolean> {
  const rows = (await runner.query('select pg_try_advisory_lock($1) as held', [
    migrationLockKey,
  ])) as { readonly held: boolean }[];
  return rows[0]?.held ?? false;
}

async function endSilentHolder(runner: QueryRunner, silentAfterMs: number): Promise<void> {
  await runner.query(
    `select pg_terminate_backend(a.pid) from pg_stat_activity a join pg_locks l on l.pid = a.pid
      where l.locktype = 'advisory' and l.granted and l.database = (
              select oid from pg_database where datname = current_database())
        and l.classid = 0 and l.objid = $1::int::oid and l.objsubid = 1
        and a.usename = current_user and a.state = 'idle'
        and a.state_change < clock_timestamp() - $2::int * interval '1 millisecond'`,
    [migrationLockKey, silentAfterMs],
  );
  // The migration that the holder had begun on another connection.
  await endAbandonedSessions(runner, silentAfterMs);
}
