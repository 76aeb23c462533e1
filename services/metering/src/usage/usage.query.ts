import { Inject, Injectable } from '@nestjs/common';
import { decodeCursor, pageFrom, type CallerIdentity, type PageQuery } from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import { z } from 'zod';
import { ReservationAccessQuery } from '../reservation/reservation-access.query.js';
import type { UsageRecord } from './usage.commands.js';
import {
  toSliceResponse,
  toUsageResponse,
  type statementResponse,
  type usageResponse,
} from './usage.dto.js';
import { unscopedUsageIdOf } from './usage-names.js';
import { sliceTable, usageTable } from './usage.table.js';

const place = z.int().min(0);

@Injectable()
export class UsageQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ReservationAccessQuery) private readonly access: ReservationAccessQuery,
  ) {}

  /** In the order in which they were counted. @throws NotFound `reservation_unknown` */
  async records(
    reservationId: string,
    { cursor, limit }: PageQuery,
    caller: CallerIdentity,
  ): Promise<z.output<typeof usageResponse>> {
    await this.access.readable(reservationId, caller);
    const after = decodeCursor(cursor, place) ?? 0;
    const rows = await this.dataSource.getRepository(usageTable.entity).find({
      where: { reservationId, position: MoreThan(after) },
      order: { position: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toUsageResponse, after: (row) => row.position });
  }

  /** The slices of a reservation. @throws NotFound `reservation_unknown` */
  async statement(
    reservationId: string,
    { cursor, limit }: PageQuery,
    caller: CallerIdentity,
  ): Promise<z.output<typeof statementResponse>> {
    await this.access.readable(reservationId, caller);
    const after = decodeCursor(cursor, place) ?? 0;
    const rows = await this.dataSource.getRepository(sliceTable.entity).find({
      where: { reservationId, sliceNumber: MoreThan(after) },
      order: { sliceNumber: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toSliceResponse, after: (row) => row.sliceNumber });
  }

  /**
   * Evidence hashes of those records of a provider that were charged before, by usage id; one query for a whole batch. A
   * record without a provider was charged before names were scoped: it belongs to the provider of the series that it was
   * charged on.
   */
  async charged(
    providerId: string,
    records: readonly UsageRecord[],
  ): Promise<ReadonlyMap<string, string>> {
    const unscoped = new Map(
      (await this.hasUnscoped())
        ? records.map((record) => [unscopedUsageIdOf(record), record.usageId])
        : [],
    );
    const rows = await this.dataSource.query<
      { readonly usage_id: string; readonly evidence_hash: string }[]
    >(
      `select usage_id, evidence_hash from usage_records where usage_id = any($1::uuid[])
        union all
       select usage_id, evidence_hash
         from usage_records record
         join reservations using (reservation_id)
         join series using (series_id)
        where record.usage_id = any($2::uuid[]) and record.provider_id is null and series.provider_id = $3`,
      [records.map(({ usageId }) => usageId), [...unscoped.keys()], providerId],
    );
    return new Map(
      rows.map((row) => [unscoped.get(row.usage_id) ?? row.usage_id, row.evidence_hash]),
    );
  }

  /** Whether there are records from before names were scoped; the index of names answers at once. */
  private async hasUnscoped(): Promise<boolean> {
    const [row] = await this.dataSource.query<{ readonly found: boolean }[]>(
      'select exists (select from usage_records where provider_id is null) as found',
    );
    return row?.found ?? true;
  }
}
