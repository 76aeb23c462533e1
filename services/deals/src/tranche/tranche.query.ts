import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, pageFrom, Readers, type CallerIdentity } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { trancheTable } from '../deal/deal.table.js';
import {
  toWaitingResponse,
  type tranchesPage,
  type tranchesQuery,
  type WaitingTranche,
} from './tranche.dto.js';

const readers = new Readers(['auditor', 'compliance-officer']);

@Injectable()
export class TrancheQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Tranches in one status of the deals in which the caller is a side. */
  async list(
    { cursor, limit, status }: z.output<typeof tranchesQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof tranchesPage>> {
    const after = decodeCursor(cursor, fields.id);
    const rows = this.dataSource
      .getRepository(trancheTable.entity)
      .createQueryBuilder('tranche')
      .innerJoin('deals', 'deal', 'deal.deal_id = tranche.deal_id')
      .addSelect('deal.company_party_id', 'company_party_id')
      .addSelect('deal.provider_party_id', 'provider_party_id')
      .where('tranche.status = :status', { status })
      .orderBy('tranche.tranche_id', 'ASC')
      .limit(limit + 1);
    if (!readers.seeAll(caller)) {
      const { partyId } = caller;
      rows.andWhere(':partyId in (deal.company_party_id, deal.provider_party_id)', { partyId });
    }
    if (after !== undefined) {
      rows.andWhere('tranche.tranche_id > :after', { after });
    }
    const { entities, raw } = await rows.getRawAndEntities<{
      company_party_id: string;
      provider_party_id: string;
    }>();
    const waiting: readonly WaitingTranche[] = entities.map((tranche, index) => ({
      ...tranche,
      companyPartyId: raw[index]?.company_party_id ?? '',
      providerPartyId: raw[index]?.provider_party_id ?? '',
    }));
    return pageFrom(waiting, { limit, toItem: toWaitingResponse, after: (row) => row.trancheId });
  }
}
