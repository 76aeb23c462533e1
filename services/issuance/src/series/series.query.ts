import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, NotFound, pageFrom } from '@specie/nest-platform';
import { DataSource, MoreThan, MoreThanOrEqual } from 'typeorm';
import type { z } from 'zod';
import type { BurnedBySeries } from '../provider/provider.commands.js';
import {
  toSeriesResponse,
  type seriesPage,
  type seriesQuery,
  type seriesResponse,
} from './series.dto.js';
import { seriesTable, type SeriesRow } from './series.table.js';

@Injectable()
export class SeriesQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  one(seriesId: string): Promise<SeriesRow | null> {
    return this.dataSource.getRepository(seriesTable.entity).findOneBy({ seriesId });
  }

  /** @throws NotFound `series_unknown` */
  async shown(seriesId: string): Promise<z.output<typeof seriesResponse>> {
    const row = await this.one(seriesId);
    if (!row) throw new NotFound('series_unknown');
    return toSeriesResponse(row);
  }

  async list({
    cursor,
    limit,
    providerId,
  }: z.output<typeof seriesQuery>): Promise<z.output<typeof seriesPage>> {
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(seriesTable.entity).find({
      where: {
        ...(providerId === undefined ? {} : { providerId }),
        ...(after === undefined ? {} : { seriesId: MoreThan(after) }),
      },
      order: { seriesId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toSeriesResponse, after: (row) => row.seriesId });
  }

  /**
   * What was burned of each series of a provider whose window is not over. It only grows, so a figure that is a moment
   * old makes coverage look smaller than it is, never larger.
   */
  async burned(providerId: string, today: string): Promise<BurnedBySeries> {
    const rows = await this.dataSource.getRepository(seriesTable.entity).find({
      select: { seriesId: true, burned: true },
      where: { providerId, windowToOn: MoreThanOrEqual(today) },
    });
    return new Map(rows.map(({ seriesId, burned }) => [seriesId, burned]));
  }
}
