import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SeriesEntity, type SeriesRow } from './rows.js';

/** What the issuer has told about series. */
@Injectable()
export class SeriesQuery {
  private readonly dataSource: DataSource;

  constructor(@Inject(DataSource) dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  /** Null until the issuer's event has arrived. */
  one(seriesId: string): Promise<SeriesRow | null> {
    return this.dataSource.getRepository(SeriesEntity).findOneBy({ seriesId });
  }
}
