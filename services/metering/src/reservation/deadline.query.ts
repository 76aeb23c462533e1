import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { overdueBefore } from './hold-deadline.js';

/** At the instant $1. */
const isExpired = `status in ('requested', 'confirmed') and expires_at <= $1
  and (status = 'requested' or expires_at + make_interval(secs => grace_seconds) <= $1)`;

/** Which reservations have passed a deadline. */
@Injectable()
export class DeadlineQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Whether any has expired or waits too long for its hold. */
  async isDue(now: string): Promise<boolean> {
    const due = await this.dataSource.query<unknown[]>(
      `select 1 from reservations
        where ${isExpired} or (status = 'requested' and requested_at < $2) limit 1`,
      [now, overdueBefore(now)],
    );
    return due.length > 0;
  }

  /** Those that are past their expiry or their grace, the longest first. */
  async expired(now: string, countMax: number): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ readonly reservation_id: string }[]>(
      `select reservation_id from reservations where ${isExpired} order by expires_at limit $2`,
      [now, countMax],
    );
    return rows.map((row) => row.reservation_id);
  }

  /** How many wait too long for their hold, and since when the first of them does. */
  async overdue(
    now: string,
  ): Promise<{ readonly count: number; readonly oldestRequestedAt: string | undefined }> {
    const [row] = await this.dataSource.query<
      { readonly count: string; readonly oldest: Date | null }[]
    >(
      `select count(*) as count, min(requested_at) as oldest from reservations
        where status = 'requested' and requested_at < $1`,
      [overdueBefore(now)],
    );
    return { count: Number(row?.count ?? 0), oldestRequestedAt: row?.oldest?.toISOString() };
  }
}
