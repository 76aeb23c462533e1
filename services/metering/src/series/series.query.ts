import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { seriesTable, type SeriesRow } from './series.table.js';

const dayMs = 86_400_000;

/** What the issuer has told about series. */
@Injectable()
export class SeriesQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Null until the issuer's event has arrived. */
  one(seriesId: string): Promise<SeriesRow | null> {
    return this.dataSource.getRepository(seriesTable.entity).findOneBy({ seriesId });
  }

  /** The end of the last day on which a series is delivered; null until the issuer's event has arrived. */
  async deliveryEndsAt(seriesId: string): Promise<string | null> {
    const series = await this.one(seriesId);
    return (
      series && new Date(Date.parse(`${series.windowToOn}T00:00:00.000Z`) + dayMs).toISOString()
    );
  }
}
