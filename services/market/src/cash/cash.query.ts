import { Inject, Injectable } from '@nestjs/common';
import { Readers, type CallerIdentity } from '@specie/nest-platform';
import { microMoney } from '@specie/quantities';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { cashTable, feeTable, tokenTable } from '../shard/shard.table.js';
import { toBalancesResponse, type balancesResponse, type feesResponse } from './cash.dto.js';

const readers = new Readers(['market-operator', 'auditor']);
const seriesCountMax = 10_000;

@Injectable()
export class CashQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The cash and tokens of a trading account. @throws Forbidden `not_your_account` */
  async balances(
    partyId: string,
    caller: CallerIdentity,
  ): Promise<z.output<typeof balancesResponse>> {
    readers.scope(caller, partyId, 'not_your_account');
    const cash = await this.dataSource.getRepository(cashTable.entity).findOneBy({ partyId });
    const tokens = await this.dataSource
      .getRepository(tokenTable.entity)
      .find({ where: { partyId }, order: { seriesId: 'ASC' }, take: seriesCountMax });
    return toBalancesResponse(partyId, cash, tokens);
  }

  async fees(): Promise<z.output<typeof feesResponse>> {
    const rows = await this.dataSource
      .getRepository(feeTable.entity)
      .find({ order: { currency: 'ASC' } });
    return { fees: rows.map(({ currency, earned }) => ({ currency, earned: microMoney(earned) })) };
  }
}
