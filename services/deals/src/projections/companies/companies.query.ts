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

  /** Everybody who holds shares now. */
  async holdings(companyId: string): Promise<readonly HoldingRow[]> {
    const rows = await this.dataSource
      .getRepository(HoldingEntity)
      .find({ where: { companyId }, order: { classId: 'ASC', partyId: 'ASC' } });
    return rows.filter(({ shares }) => shares > 0n);
  }
}
