import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan, MoreThanOrEqual } from 'typeorm';
import type { BurnedBySeries } from './provider.commands.js';
import {
  CommitmentEntity,
  ProviderEntity,
  SeriesEntity,
  type CommitmentRow,
  type ProviderRow,
  type SeriesRow,
} from '../projections/tables.js';

export interface PageStart {
  readonly after: string | undefined;
  /** Rows to read: one more than shown. */
  readonly rowCount: number;
}

@Injectable()
export class ProvidersQuery {
  private readonly dataSource: DataSource;

  constructor(@Inject(DataSource) dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  provider(providerId: string): Promise<ProviderRow | null> {
    return this.dataSource.getRepository(ProviderEntity).findOneBy({ providerId });
  }

  providers({ after, rowCount }: PageStart): Promise<readonly ProviderRow[]> {
    return this.dataSource.getRepository(ProviderEntity).find({
      where: after === undefined ? {} : { providerId: MoreThan(after) },
      order: { providerId: 'ASC' },
      take: rowCount,
    });
  }

  commitments(
    providerId: string,
    { after, rowCount }: PageStart,
  ): Promise<readonly CommitmentRow[]> {
    return this.dataSource.getRepository(CommitmentEntity).find({
      where: { providerId, ...(after === undefined ? {} : { commitmentId: MoreThan(after) }) },
      order: { commitmentId: 'ASC' },
      take: rowCount,
    });
  }

  oneSeries(seriesId: string): Promise<SeriesRow | null> {
    return this.dataSource.getRepository(SeriesEntity).findOneBy({ seriesId });
  }

  series(
    filter: { readonly providerId?: string },
    { after, rowCount }: PageStart,
  ): Promise<readonly SeriesRow[]> {
    return this.dataSource.getRepository(SeriesEntity).find({
      where: { ...filter, ...(after === undefined ? {} : { seriesId: MoreThan(after) }) },
      order: { seriesId: 'ASC' },
      take: rowCount,
    });
  }

  /**
   * What was burned of each series of a provider whose window is not over. It only grows, so a figure that is a moment
   * old makes coverage look smaller than it is, never larger.
   */
  async burned(providerId: string, today: string): Promise<BurnedBySeries> {
    const rows = await this.dataSource.getRepository(SeriesEntity).find({
      select: { seriesId: true, burned: true },
      where: { providerId, windowToOn: MoreThanOrEqual(today) },
    });
    return new Map(rows.map(({ seriesId, burned }) => [seriesId, burned]));
  }
}
