import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, pageFrom, type PageQuery } from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { ProviderQuery } from '../provider/provider.query.js';
import { commitmentTable } from '../provider/provider.table.js';
import { toCommitmentResponse, type commitmentsPage } from './capacity.dto.js';

@Injectable()
export class CapacityQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ProviderQuery) private readonly providers: ProviderQuery,
  ) {}

  /** @throws NotFound `provider_unregistered` */
  async list(
    providerId: string,
    { cursor, limit }: PageQuery,
  ): Promise<z.output<typeof commitmentsPage>> {
    const after = decodeCursor(cursor, fields.id);
    await this.providers.one(providerId);
    const rows = await this.dataSource.getRepository(commitmentTable.entity).find({
      where: { providerId, ...(after === undefined ? {} : { commitmentId: MoreThan(after) }) },
      order: { commitmentId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, {
      limit,
      toItem: toCommitmentResponse,
      after: (row) => row.commitmentId,
    });
  }
}
