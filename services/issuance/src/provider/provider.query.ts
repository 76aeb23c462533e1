import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, NotFound, pageFrom, type PageQuery } from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { toProviderResponse, type providerResponse, type providersPage } from './provider.dto.js';
import { providerTable } from './provider.table.js';

@Injectable()
export class ProviderQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async list({ cursor, limit }: PageQuery): Promise<z.output<typeof providersPage>> {
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(providerTable.entity).find({
      where: after === undefined ? {} : { providerId: MoreThan(after) },
      order: { providerId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toProviderResponse, after: (row) => row.providerId });
  }

  /** @throws NotFound `provider_unregistered` */
  async one(providerId: string): Promise<z.output<typeof providerResponse>> {
    const row = await this.dataSource.getRepository(providerTable.entity).findOneBy({ providerId });
    if (!row) throw new NotFound('provider_unregistered');
    return toProviderResponse(row);
  }
}
