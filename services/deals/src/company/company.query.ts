import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import {
  decodeCursor,
  Forbidden,
  NotFound,
  pageFrom,
  Readers,
  requireParty,
  Unprocessable,
  type CallerIdentity,
  type PageQuery,
} from '@specie/nest-platform';
import { shares as sharesOf } from '@specie/quantities';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { equityReadings } from '../equity/equity.js';
import {
  byHolder,
  toClassResponse,
  toCompanyResponse,
  toHolderResponse,
  type capTableResponse,
  type companiesPage,
  type companyDetailResponse,
  type equityQuoteQuery,
  type equityQuoteResponse,
} from './company.dto.js';
import {
  companyTable,
  holdingTable,
  shareClassTable,
  type CompanyRow,
  type HoldingRow,
  type ShareClassRow,
} from './company.table.js';

const readers = new Readers(['auditor', 'compliance-officer']);

@Injectable()
export class CompanyQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  find(companyId: string): Promise<CompanyRow | null> {
    return this.dataSource.getRepository(companyTable.entity).findOneBy({ companyId });
  }

  /** @throws NotFound `company_unknown`, Forbidden `not_your_company` unless it is the company of the party */
  async requireOwn(companyId: string, partyId: string): Promise<void> {
    const row = await this.known(companyId);
    requireParty({ partyId }, row.partyId, 'not_your_company');
  }

  async list({ cursor, limit }: PageQuery): Promise<z.output<typeof companiesPage>> {
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(companyTable.entity).find({
      where: after === undefined ? {} : { companyId: MoreThan(after) },
      order: { companyId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toCompanyResponse, after: (row) => row.companyId });
  }

  /** @throws NotFound `company_unknown` */
  async one(companyId: string): Promise<z.output<typeof companyDetailResponse>> {
    const row = await this.known(companyId);
    const classes = await this.classes(companyId);
    return { ...toCompanyResponse(row), classes: classes.map(toClassResponse) };
  }

  /** @throws NotFound `company_unknown`, Forbidden `not_your_company` */
  async capTable(
    companyId: string,
    { cursor, limit }: PageQuery,
    caller: CallerIdentity,
  ): Promise<z.output<typeof capTableResponse>> {
    const after = decodeCursor(cursor, fields.id);
    const { partyId, directorPartyIds, streamVersion } = await this.known(companyId);
    const isReader = readers.see(caller, partyId, ...directorPartyIds);
    if (!isReader && !(await this.isHolder(companyId, caller.partyId))) {
      throw new Forbidden('not_your_company');
    }
    const classes = await this.classes(companyId);
    const whole = outstandingIn(classes);
    const holdings = await this.holdings(companyId, { after, holderCount: limit + 1 });
    const { items, nextCursor } = pageFrom(byHolder(holdings), {
      limit,
      toItem: (rows) => toHolderResponse(rows, whole),
      after: (rows) => rows[0]?.partyId ?? null,
    });
    return {
      companyId,
      streamVersion,
      fullyDiluted: sharesOf(whole),
      classes: classes.map(toClassResponse),
      holders: items,
      nextCursor,
    };
  }

  /** @throws NotFound `company_unknown`, Unprocessable `equity_out_of_range` */
  async equityQuote(
    companyId: string,
    query: z.output<typeof equityQuoteQuery>,
  ): Promise<z.output<typeof equityQuoteResponse>> {
    await this.known(companyId);
    const outstanding = outstandingIn(await this.classes(companyId));
    const readings = equityReadings({ ...query, outstanding });
    if (!readings) throw new Unprocessable('equity_out_of_range');
    return { fullyDiluted: sharesOf(outstanding), ...readings };
  }

  private async known(companyId: string): Promise<CompanyRow> {
    const row = await this.find(companyId);
    if (!row) throw new NotFound('company_unknown');
    return row;
  }

  private classes(companyId: string): Promise<readonly ShareClassRow[]> {
    return this.dataSource
      .getRepository(shareClassTable.entity)
      .find({ where: { companyId }, order: { classId: 'ASC' } });
  }

  /** What the next holders hold now, by party and class. */
  private holdings(
    companyId: string,
    { after, holderCount }: { readonly after: string | undefined; readonly holderCount: number },
  ): Promise<readonly HoldingRow[]> {
    return this.dataSource
      .getRepository(holdingTable.entity)
      .createQueryBuilder('holding')
      .where('holding.company_id = :companyId and holding.shares > 0', { companyId })
      .andWhere(
        `holding.party_id in (
           select distinct party_id from holdings
            where company_id = :companyId and shares > 0 and (:after::uuid is null or party_id > :after)
            order by party_id limit :holderCount)`,
        { after: after ?? null, holderCount },
      )
      .orderBy('holding.party_id', 'ASC')
      .addOrderBy('holding.class_id', 'ASC')
      .getMany();
  }

  private isHolder(companyId: string, partyId: string): Promise<boolean> {
    return this.dataSource
      .getRepository(holdingTable.entity)
      .existsBy({ companyId, partyId, shares: MoreThan(0n) });
  }
}

function outstandingIn(classes: readonly ShareClassRow[]): bigint {
  return classes.reduce((sum, { issued, cancelled }) => sum + issued - cancelled, 0n);
}
