import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan, type FindOptionsWhere } from 'typeorm';
import type { PageStart } from '../companies/companies.query.js';
import {
  DealEntity,
  TrancheEntity,
  type DealRow,
  type TrancheRow,
  type TrancheStatus,
} from '../tables.js';

export type WaitingTranche = TrancheRow & Pick<DealRow, 'companyPartyId' | 'providerPartyId'>;

@Injectable()
export class DealsQuery {
  private readonly dataSource: DataSource;

  constructor(@Inject(DataSource) dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  deal(dealId: string): Promise<DealRow | null> {
    return this.dataSource.getRepository(DealEntity).findOneBy({ dealId });
  }

  tranches(dealId: string): Promise<readonly TrancheRow[]> {
    return this.dataSource
      .getRepository(TrancheEntity)
      .find({ where: { dealId }, order: { number: 'ASC' } });
  }

  /** Deals in which `partyId` is a side; all of them without one. */
  deals(partyId: string | undefined, { after, rowCount }: PageStart): Promise<readonly DealRow[]> {
    const start: FindOptionsWhere<DealRow> = after === undefined ? {} : { dealId: MoreThan(after) };
    return this.dataSource.getRepository(DealEntity).find({
      where:
        partyId === undefined
          ? start
          : [
              { ...start, companyPartyId: partyId },
              { ...start, providerPartyId: partyId },
            ],
      order: { dealId: 'ASC' },
      take: rowCount,
    });
  }

  /** Tranches in one status with the sides of their deals, for those who wait. */
  async tranchesIn(
    filter: { readonly status: TrancheStatus; readonly partyId: string | undefined },
    { after, rowCount }: PageStart,
  ): Promise<readonly WaitingTranche[]> {
    const { entities, raw } = await this.dataSource
      .getRepository(TrancheEntity)
      .createQueryBuilder('tranche')
      .innerJoin('deals', 'deal', 'deal.deal_id = tranche.deal_id')
      .addSelect('deal.company_party_id', 'company_party_id')
      .addSelect('deal.provider_party_id', 'provider_party_id')
      .where('tranche.status = :status', { status: filter.status })
      .andWhere(
        filter.partyId === undefined
          ? 'true'
          : ':partyId IN (deal.company_party_id, deal.provider_party_id)',
        {
          partyId: filter.partyId,
        },
      )
      .andWhere(after === undefined ? 'true' : 'tranche.tranche_id > :after', { after })
      .orderBy('tranche.tranche_id', 'ASC')
      .limit(rowCount)
      .getRawAndEntities<{ company_party_id: string; provider_party_id: string }>();
    return entities.map((tranche, index) => ({
      ...tranche,
      companyPartyId: raw[index]?.company_party_id ?? '',
      providerPartyId: raw[index]?.provider_party_id ?? '',
    }));
  }
}
