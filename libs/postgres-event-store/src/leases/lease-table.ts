/** Runs SQL on a connection or pool of the database that holds the leases; answers the rows. */
export type LeaseQuery = <Row>(text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** A right that one holder has at a time. */
export interface Lease {
  /** What kind of right, such as `partition/issuance`. */
  readonly scope: string;
  readonly name: string;
  readonly holder: string;
  /** Rises whenever the right is taken: what an earlier holder still does carries a lower one. */
  readonly epoch: number;
}

export interface LeaseRequest {
  readonly scope: string;
  readonly names: readonly string[];
  readonly holder: string;
  readonly ttlMs: number;
  /**
   * True: the lease also ends with the database session that takes it, so a crash frees it at once. Only
   * for connections that live as long as the holder.
   */
  readonly endsWithSession?: boolean;
  /** True: takes the lease from a living holder too; something else has decided who holds it. */
  readonly isAssigned?: boolean;
}

/** A lease nobody renewed in time, or whose session is gone. A session of another role shows no start time. */
const isFree = `(l.expires_at <= clock_timestamp() or l.backend_pid is not null and not exists (
  select from pg_stat_get_activity(l.backend_pid) a where coalesce(a.backend_start = l.backend_start, true)))`;

const expiry = (parameter: string): string =>
  `clock_timestamp() + ${parameter}::int * interval '1 millisecond'`;

/**
 * Rights that expire by the database's clock. A holder that is paused renews nothing, so another takes
 * over after `ttlMs`; what the paused one does when it goes on is refused where `isHeld` is asked in the
 * same transaction.
 */
export class LeaseTable {
  readonly name: string;

  constructor(schema = 'public') {
    this.name = `${schema}.lease`;
  }

  /** Takes those of the leases that are free or the holder's own; a row that somebody is changing is left out. */
  async take(query: LeaseQuery, request: LeaseRequest): Promise<readonly Lease[]> {
    const { scope, names, holder, ttlMs, endsWithSession = false, isAssigned = false } = request;
    const rows = await query<{ readonly name: string; readonly epoch: string }>(
      `with session as (
         select pid, backend_start from pg_stat_get_activity(pg_backend_pid()) where $5),
       free as (
         select l.name from ${this.name} l
          where l.scope = $1 and l.name = any($2::text[]) and ($6 or l.holder = $3 or ${isFree})
          for update skip locked),
       moved as (
         update ${this.name} l
            set holder = $3, epoch = l.epoch + 1, expires_at = ${expiry('$4')},
                backend_pid = (select pid from session), backend_start = (select backend_start from session)
           from free where l.scope = $1 and l.name = free.name
         returning l.name, l.epoch),
       made as (
         insert into ${this.name} (scope, name, holder, epoch, expires_at, backend_pid, backend_start)
         select $1, name, $3, 1, ${expiry('$4')}, (select pid from session), (select backend_start from session)
           from unnest($2::text[]) as wanted (name)
         on conflict do nothing returning name, epoch)
       select name, epoch from moved union all select name, epoch from made`,
      [scope, names, holder, ttlMs, endsWithSession, isAssigned],
    );
    return rows.map(({ name, epoch }) => ({ scope, name, holder, epoch: Number(epoch) }));
  }

  /** Renews whatever `holder` has and answers it; what is missing was taken by another. */
  async renew(query: LeaseQuery, holder: string, ttlMs: number): Promise<readonly Lease[]> {
    const rows = await query<{
      readonly scope: string;
      readonly name: string;
      readonly epoch: string;
    }>(
      `with renewed as (
         update ${this.name} set expires_at = ${expiry('$2')} where holder = $1 returning scope, name, epoch)
       select scope, name, epoch from renewed`,
      [holder, ttlMs],
    );
    return rows.map(({ scope, name, epoch }) => ({ scope, name, holder, epoch: Number(epoch) }));
  }

  /** Gives leases back, so that others need not wait. The rows stay: their epochs must never fall. */
  async release(query: LeaseQuery, leases: readonly Lease[]): Promise<void> {
    await query(
      `with given as (
         update ${this.name} l set holder = '', expires_at = '-infinity'
           from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as gone (scope, name, holder, epoch)
          where l.scope = gone.scope and l.name = gone.name and l.holder = gone.holder and l.epoch = gone.epoch
         returning 1)
       select count(*) from given`,
      [
        leases.map((lease) => lease.scope),
        leases.map((lease) => lease.name),
        leases.map((lease) => lease.holder),
        leases.map((lease) => lease.epoch),
      ],
    );
  }

  /** The names under each of `scopes` that a living holder has. */
  async living(
    query: LeaseQuery,
    ...scopes: readonly string[]
  ): Promise<readonly (readonly string[])[]> {
    const rows = await query<{ readonly scope: string; readonly name: string }>(
      `select scope, name from ${this.name} l where scope = any($1::text[]) and not ${isFree}`,
      [scopes],
    );
    return scopes.map((scope) => rows.filter((row) => row.scope === scope).map(({ name }) => name));
  }

  /**
   * Whether the lease is still its holder's. In a transaction it stays so until the end: `take` leaves a
   * locked row out.
   */
  async isHeld(query: LeaseQuery, { scope, name, holder, epoch }: Lease): Promise<boolean> {
    const rows = await query<unknown>(
      `select 1 from ${this.name} where scope = $1 and name = $2 and holder = $3 and epoch = $4 for share`,
      [scope, name, holder, epoch],
    );
    return rows.length > 0;
  }

  /** Forgets leases of names that never come again, such as those of instances that ended. */
  async purge(query: LeaseQuery, scope: string): Promise<void> {
    await query(
      `with gone as (
         delete from ${this.name} where scope = $1 and expires_at < clock_timestamp() - interval '1 hour' returning 1)
       select count(*) from gone`,
      [scope],
    );
  }
}
