import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, pageFrom, type CallerIdentity, type PageQuery } from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { AccountQuery } from '../account/account.query.js';
import { toHoldResponse, type holdsPage } from './hold.dto.js';
import { holdTable } from './hold.table.js';

@Injectable()
export class HoldQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(AccountQuery) private readonly accounts: AccountQuery,
  ) {}

  /** @throws NotFound `account_unknown` */
  async list(
    accountId: string,
    { cursor, limit }: PageQuery,
    caller: CallerIdentity,
  ): Promise<z.output<typeof holdsPage>> {
    await this.accounts.readable(accountId, caller);
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(holdTable.entity).find({
      where: { accountId, ...(after === undefined ? {} : { holdId: MoreThan(after) }) },
      order: { holdId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toHoldResponse, after: (row) => row.holdId });
  }
}
