import { Inject, Injectable } from '@nestjs/common';
import { Readers, type CallerIdentity } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import {
  toKillSwitchResponse,
  toOrderLimitResponse,
  type killSwitchResponse,
  type orderLimitResponse,
} from './control.dto.js';
import { controlTable, type ControlRow } from './control.table.js';

const readers = new Readers(['market-operator', 'auditor']);

@Injectable()
export class ControlQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Who holds the kill switch of a party. @throws Forbidden `not_your_account` */
  async killSwitch(
    partyId: string,
    caller: CallerIdentity,
  ): Promise<z.output<typeof killSwitchResponse>> {
    return toKillSwitchResponse(partyId, await this.row(partyId, caller));
  }

  /** How many open orders a party may have. @throws Forbidden `not_your_account` */
  async orderLimit(
    partyId: string,
    caller: CallerIdentity,
  ): Promise<z.output<typeof orderLimitResponse>> {
    return toOrderLimitResponse(partyId, await this.row(partyId, caller));
  }

  private async row(partyId: string, caller: CallerIdentity): Promise<ControlRow | null> {
    readers.scope(caller, partyId, 'not_your_account');
    return this.dataSource.getRepository(controlTable.entity).findOneBy({ partyId });
  }
}
