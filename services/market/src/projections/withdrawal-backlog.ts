import { type Clock, type HealthSignal, type Metrics, Unavailable } from '@specie/nest-platform';
import type { DataSource } from 'typeorm';

/** Health is degraded beyond this share of what may be open, long before anybody is refused. */
const watchedShare = 1 / 5;
/** Health is degraded when the oldest waits for longer: the issuer answers within a second or two. */
const oldestSecondsMax = 30;
/** What a refused client is told; a backlog at its limit takes the issuer a few seconds. */
const retryAfterSeconds = 5;

export const backloggedStatus = { withdrawals_backlogged: 503 } as const;

/** Token withdrawals that the market requested and the issuer has neither settled nor refused, all series together. */
export class WithdrawalBacklog {
  private readonly dataSource: DataSource;
  private readonly clock: Clock;
  private readonly openMax: number;

  constructor(parts: {
    readonly dataSource: DataSource;
    readonly clock: Clock;
    readonly metrics: Metrics;
    readonly openMax: number;
  }) {
    const { dataSource, clock, metrics, openMax } = parts;
    this.dataSource = dataSource;
    this.clock = clock;
    this.openMax = openMax;
    metrics.addGauge(
      'specie_open_withdrawals',
      'Token withdrawals that the issuer has not answered',
      async () => (await this.read()).openCount,
    );
    metrics.addGauge(
      'specie_oldest_open_withdrawal_seconds',
      'For how long the oldest of them has been waiting; 0 without any',
      async () => (await this.read()).oldestSeconds,
    );
  }

  /** For `/health/ready`. */
  async health(): Promise<readonly HealthSignal[]> {
    const { openCount, oldestSeconds } = await this.read();
    const isDegraded = openCount > this.openMax * watchedShare || oldestSeconds > oldestSecondsMax;
    const details = { openCount, oldestSeconds, openMax: this.openMax };
    return [{ name: 'withdrawals', isDegraded, details }];
  }

  /**
   * Before a new withdrawal is recorded. One that is recorded already has its place, so its repeat passes. Requests that
   * arrive at the same instant see the same count: the limit may be exceeded by as many as are under way.
   *
   * @throws Unavailable `withdrawals_backlogged`, with a time to retry
   */
  async requireRoom(withdrawal: {
    readonly partyId: string;
    readonly withdrawalId: string;
  }): Promise<void> {
    if ((await this.read()).openCount < this.openMax) {
      return;
    }
    const recorded = await this.dataSource.query<unknown[]>(
      'select from withdrawals where withdrawal_id = $1 and party_id = $2',
      [withdrawal.withdrawalId, withdrawal.partyId],
    );
    if (recorded.length === 0) {
      throw new Unavailable('withdrawals_backlogged', retryAfterSeconds);
    }
  }

  private async read(): Promise<{ readonly openCount: number; readonly oldestSeconds: number }> {
    const [row] = await this.dataSource.query<
      { readonly open_count: string; readonly oldest_at: Date | null }[]
    >(
      `select count(*) as open_count, min(requested_at) as oldest_at
         from withdrawals where status = 'requested'`,
    );
    const oldestAt = row?.oldest_at ?? null;
    const waitedMs = oldestAt === null ? 0 : Date.parse(this.clock.now()) - oldestAt.getTime();
    return {
      openCount: Number(row?.open_count ?? 0),
      oldestSeconds: Math.max(0, Math.floor(waitedMs / 1_000)),
    };
  }
}
