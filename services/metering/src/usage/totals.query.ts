import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, pageFrom, type CallerIdentity } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { inScope } from '../reservation/reservation-access.query.js';
import { reservationTable } from '../reservation/reservation.table.js';
import {
  toTotalsResponse,
  type TotalsRow,
  type totalsQuery,
  type totalsResponse,
} from './usage.dto.js';

@Injectable()
export class TotalsQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Sums over the reservations of each party, by party id. @throws Forbidden `not_your_reservation` */
  async byParty(
    { cursor, limit, partyId }: z.output<typeof totalsQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof totalsResponse>> {
    const all = this.dataSource
      .getRepository(reservationTable.entity)
      .createQueryBuilder('reservation');
    const rows = await inScope(all, caller, partyId)
      .select('reservation.party_id', 'party_id')
      .addSelect('count(*)', 'reservations')
      .addSelect('sum(reservation.usage_count)', 'usage_count')
      .addSelect('sum(reservation.gpu_seconds)', 'gpu_seconds')
      .addSelect('sum(reservation.atoms)', 'atoms')
      .addSelect('sum(reservation.captured)', 'captured')
      .andWhere('(:after::uuid is null or reservation.party_id > :after)', {
        after: decodeCursor(cursor, fields.id) ?? null,
      })
      .groupBy('reservation.party_id')
      .orderBy('reservation.party_id')
      .limit(limit + 1)
      .getRawMany<TotalsRow>();
    return pageFrom(rows, { limit, toItem: toTotalsResponse, after: (row) => row.party_id });
  }
}
