import { Inject, Injectable } from '@nestjs/common';
import { Readers, type CallerIdentity } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { onlyOne } from '../shard/only-one.query.js';
import { toWithdrawalResponse, type withdrawalResponse } from './withdrawal.dto.js';
import { withdrawalTable } from './withdrawal.table.js';

const readers = new Readers(['market-operator', 'auditor']);

@Injectable()
export class WithdrawalQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /**
   * Another party's withdrawal is as unknown as none, so that ids tell nothing.
   *
   * @throws NotFound `withdrawal_unknown`, Conflict `withdrawal_ambiguous`, Forbidden `not_your_account`
   */
  async one(
    withdrawalId: string,
    asked: string | undefined,
    caller: CallerIdentity,
  ): Promise<z.output<typeof withdrawalResponse>> {
    const partyId = readers.scope(caller, asked, 'not_your_account');
    const rows = await this.dataSource
      .getRepository(withdrawalTable.entity)
      .findBy({ withdrawalId, ...(partyId === undefined ? {} : { partyId }) });
    return toWithdrawalResponse(onlyOne(rows, 'withdrawal'));
  }
}
