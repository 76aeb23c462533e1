import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import { holdAnswerMsMax } from '../holds.js';
import { ReservationEntity, type ReservationRow } from './rows.js';
import { SeriesQuery } from './series.query.js';

/** A reservation and whose series it draws on; null until metering has heard of the series. */
export type KnownReservation = ReservationRow & { readonly providerId: string | null };

/** Which reservations are shown. */
export interface ReservationScope {
  /** Those of this party and, if it acts as a provider, those that draw on its series. Absent: everybody's. */
  readonly seenByPartyId?: string;
  readonly isProvider?: boolean;
  /** Of them those of this party. */
  readonly ofPartyId?: string | undefined;
}

/** The condition of a scope on the columns of `reservations`, for the parameters of `scopeParameters`. */
export const scopeCondition = `
  (:seenBy::uuid is null or reservation.party_id = :seenBy
    or (:isProvider and reservation.series_id in (select series_id from series where provider_id = :seenBy)))
  and (:ofParty::uuid is null or reservation.party_id = :ofParty)`;

export function scopeParameters(scope: ReservationScope): Readonly<Record<string, unknown>> {
  const { seenByPartyId = null, isProvider = false, ofPartyId = null } = scope;
  return { seenBy: seenByPartyId, isProvider, ofParty: ofPartyId };
}

@Injectable()
export class ReservationsQuery {
  private readonly dataSource: DataSource;
  private readonly series: SeriesQuery;
  private readonly clock: Clock;

  constructor(
    @Inject(DataSource) dataSource: DataSource,
    @Inject(SeriesQuery) series: SeriesQuery,
    @Inject(Clock) clock: Clock,
  ) {
    this.dataSource = dataSource;
    this.series = series;
    this.clock = clock;
  }

  async one(reservationId: string): Promise<KnownReservation | null> {
    const row = await this.dataSource.getRepository(ReservationEntity).findOneBy({ reservationId });
    const series = row && (await this.series.one(row.seriesId));
    return row && { ...row, providerId: series?.providerId ?? null };
  }

  /** By reservation id. */
  list(
    scope: ReservationScope,
    filter: {
      readonly status?: ReservationRow['status'] | undefined;
      readonly isHoldOverdue: boolean;
    },
    page: { readonly after: string | undefined; readonly rowCount: number },
  ): Promise<ReservationRow[]> {
    const overdueSince = new Date(Date.parse(this.clock.now()) - holdAnswerMsMax);
    return this.dataSource
      .getRepository(ReservationEntity)
      .createQueryBuilder('reservation')
      .where(scopeCondition, scopeParameters(scope))
      .andWhere('(:status::text is null or reservation.status = :status)', {
        status: filter.isHoldOverdue ? 'requested' : (filter.status ?? null),
      })
      .andWhere('(:since::timestamptz is null or reservation.requested_at < :since)', {
        since: filter.isHoldOverdue ? overdueSince : null,
      })
      .andWhere('(:after::uuid is null or reservation.reservation_id > :after)', {
        after: page.after ?? null,
      })
      .orderBy('reservation.reservation_id', 'ASC')
      .limit(page.rowCount)
      .getMany();
  }

  /** Whether the issuer has not answered for longer than it should. */
  isHoldOverdue({ status, requestedAt }: ReservationRow): boolean {
    const waitedMs = Date.parse(this.clock.now()) - requestedAt.getTime();
    return status === 'requested' && waitedMs > holdAnswerMsMax;
  }
}
