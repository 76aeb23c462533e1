import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import {
  CompanyEntity,
  HoldingEntity,
  ShareClassEntity,
  type CompanyRow,
  type HoldingRow,
  type ShareClassRow,
} from '../tables.js';

export interface PageStart {
  readonly after: string | undefined;
  /** Rows to read: one more than shown. */
  readonly rowCount: number;
}

@Injectable()
export class CompaniesQuery {
  private readonly dataSource: DataSource;

  constructor(@Inject(DataSource) dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  company(companyId: string): Promise<CompanyRow | null> {
    return this.dataSource.getRepository(CompanyEntity).findOneBy({ companyId });
  }

  companies({ after, rowCount }: PageStart): Promise<readonly CompanyRow[]> {
    return this.dataSource.getRepository(CompanyEntity).find({
      where: after === undefined ? {} : { companyId: MoreThan(after) },
      order: { companyId: 'ASC' },
      take: rowCount,
    });
  }

  classes(companyId: string): Promise<readonly ShareClassRow[]> {
    return this.dataSource
      .getRepository(ShareClassEntity)
      .find({ where: { companyId }, order: { classId: 'ASC' } });
  }

  /** What the next holders hold now, by party and class; `rowCount` counts holders. */
  holdings(companyId: string, { after, rowCount }: PageStart): Promise<readonly HoldingRow[]> {
    return this.dataSource
      .getRepository(HoldingEntity)
      .createQueryBuilder('holding')
      .where('holding.company_id = :companyId AND holding.shares > 0', { companyId })
      .andWhere(
        `holding.party_id IN (
           SELECT DISTINCT party_id FROM holdings
            WHERE company_id = :companyId AND shares > 0 AND (:after::uuid IS NULL OR party_id > :after)
            ORDER BY party_id LIMIT :rowCount)`,
        { after: after ?? null, rowCount },
      )
      .orderBy('holding.party_id', 'ASC')
      .addOrderBy('holding.class_id', 'ASC')
      .getMany();
  }

  isHolder(companyId: string, partyId: string): Promise<boolean> {
    return this.dataSource
      .getRepository(HoldingEntity)
      .existsBy({ companyId, partyId, shares: MoreThan(0n) });
  }
}
