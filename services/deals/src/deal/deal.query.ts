import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import {
  decodeCursor,
  NotFound,
  pageFrom,
  Readers,
  type CallerIdentity,
  type PageQuery,
} from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { CompanyQuery } from '../company/company.query.js';
import {
  toDealResponse,
  toTrancheResponse,
  type dealDetailResponse,
  type dealsPage,
} from './deal.dto.js';
import { dealTable, trancheTable, type DealRow } from './deal.table.js';

const readers = new Readers(['auditor', 'compliance-officer']);

@Injectable()
export class DealQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CompanyQuery) private readonly companies: CompanyQuery,
  ) {}

  /** The deals in which the caller is a side. */
  async list(
    { cursor, limit }: PageQuery,
    caller: CallerIdentity,
  ): Promise<z.output<typeof dealsPage>> {
    const after = decodeCursor(cursor, fields.id);
    const start = after === undefined ? {} : { dealId: MoreThan(after) };
    const { partyId } = caller;
    const rows = await this.dataSource.getRepository(dealTable.entity).find({
      where: readers.seeAll(caller)
        ? start
        : [
            { ...start, companyPartyId: partyId },
            { ...start, providerPartyId: partyId },
          ],
      order: { dealId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toDealResponse, after: (row) => row.dealId });
  }

  /** @throws NotFound `deal_unknown` */
  async one(dealId: string, caller: CallerIdentity): Promise<z.output<typeof dealDetailResponse>> {
    const row = await this.visible(dealId, caller);
    const tranches = await this.dataSource
      .getRepository(trancheTable.entity)
      .find({ where: { dealId }, order: { number: 'ASC' } });
    return { ...toDealResponse(row), tranches: tranches.map(toTrancheResponse) };
  }

  /** @throws NotFound `deal_unknown` unless the caller is a side, a director of the company or oversees all */
  async visible(dealId: string, caller: CallerIdentity): Promise<DealRow> {
    const row = await this.dataSource.getRepository(dealTable.entity).findOneBy({ dealId });
    if (!row) throw new NotFound('deal_unknown');
    const { companyPartyId, providerPartyId, companyId } = row;
    const directors = (await this.companies.find(companyId))?.directorPartyIds ?? [];
    if (!readers.see(caller, companyPartyId, providerPartyId, ...directors)) {
      throw new NotFound('deal_unknown');
    }
    return row;
  }
}
