import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { Clock, decodeCursor, pageFrom, type CallerIdentity } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { overdueBefore } from './hold-deadline.js';
import { inScope, ReservationAccessQuery } from './reservation-access.query.js';
import {
  toReservationResponse,
  type ReservationResponse,
  type reservationsQuery,
  type reservationsResponse,
} from './reservation.dto.js';
import { reservationTable } from './reservation.table.js';

@Injectable()
export class ReservationQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ReservationAccessQuery) private readonly access: ReservationAccessQuery,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws NotFound `reservation_unknown` */
  async one(reservationId: string, caller: CallerIdentity): Promise<ReservationResponse> {
    const row = await this.access.readable(reservationId, caller);
    return toReservationResponse(row, this.clock.now());
  }

  /** By reservation id. @throws Forbidden `not_your_reservation` */
  async list(
    { cursor, limit, status, partyId, holdOverdue }: z.output<typeof reservationsQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof reservationsResponse>> {
    const now = this.clock.now();
    const isHoldOverdue = holdOverdue !== undefined;
    const all = this.dataSource
      .getRepository(reservationTable.entity)
      .createQueryBuilder('reservation');
    const rows = await inScope(all, caller, partyId)
      .andWhere('(:status::text is null or reservation.status = :status)', {
        status: isHoldOverdue ? 'requested' : (status ?? null),
      })
      .andWhere('(:since::timestamptz is null or reservation.requested_at < :since)', {
        since: isHoldOverdue ? overdueBefore(now) : null,
      })
      .andWhere('(:after::uuid is null or reservation.reservation_id > :after)', {
        after: decodeCursor(cursor, fields.id) ?? null,
      })
      .orderBy('reservation.reservation_id', 'ASC')
      .limit(limit + 1)
      .getMany();
    return pageFrom(rows, {
      limit,
      toItem: (row) => toReservationResponse(row, now),
      after: (row) => row.reservationId,
    });
  }
}
