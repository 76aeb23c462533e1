import { Inject, Injectable } from '@nestjs/common';
import {
  Clock,
  Metrics,
  SERVICE_CONFIG,
  Unavailable,
  type HealthSignal,
} from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { MarketConfig } from '../market.config.js';
import { withdrawalTable } from './withdrawal.table.js';

/** Health is degraded beyond this share of what may be open, long before anybody is refused. */
const watchedShare = 1 / 5;
/** Health is degraded when the oldest waits for longer: the issuer answers within a second or two. */
const oldestSecondsMax = 30;
/** The Retry-After of a refusal; a backlog at its limit takes the issuer a few seconds. */
const retryAfterSeconds = 5;

/** Token withdrawals that the market requested and the issuer has neither settled nor refused, all series together. */
@Injectable()
export class WithdrawalBacklog {
  private readonly openMax: number;

  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Metrics) metrics: Metrics,
    @Inject(SERVICE_CONFIG) { WITHDRAWALS_OPEN_MAX }: MarketConfig,
  ) {
    this.openMax = WITHDRAWALS_OPEN_MAX;
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
    const isRecorded = await this.dataSource
      .getRepository(withdrawalTable.entity)
      .existsBy({ ...withdrawal });
    if (!isRecorded) {
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
