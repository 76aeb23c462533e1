import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import {
  Clock,
  decodeCursor,
  NotFound,
  pageFrom,
  Readers,
  type CallerIdentity,
} from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { PersonalDataQuery } from '../personal-data/personal-data.query.js';
import { isEligible } from './eligibility.js';
import {
  toPartyResponse,
  toPartyRowResponse,
  type eligibilityQuery,
  type eligibilityResponse,
  type partiesQuery,
  type partiesResponse,
  type partyResponse,
} from './party.dto.js';
import { partyStream } from './party.state.js';
import { partyTable } from './party.table.js';

export const partyReaders = new Readers(['compliance-officer', 'market-operator', 'auditor']);

@Injectable()
export class PartyQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(PersonalDataQuery) private readonly personalData: PersonalDataQuery,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async list(
    { cursor, limit, status }: z.output<typeof partiesQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof partiesResponse>> {
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(partyTable.entity).find({
      where: {
        ...(status === undefined ? {} : { status }),
        ...(after === undefined ? {} : { partyId: MoreThan(after) }),
      },
      order: { partyId: 'ASC' },
      take: limit + 1,
    });
    const partyIds = rows.map(({ partyId }) => partyId);
    const names = await this.personalData.namesShown(caller, partyIds);
    return pageFrom(rows, {
      limit,
      toItem: (row) => toPartyRowResponse(row, names.get(row.partyId) ?? null),
      after: ({ partyId }) => partyId,
    });
  }

  /** @throws NotFound `party_unknown`, Forbidden `not_your_party` */
  async one(partyId: string, caller: CallerIdentity): Promise<z.output<typeof partyResponse>> {
    partyReaders.scope(caller, partyId, 'not_your_party');
    const row = await this.dataSource.getRepository(partyTable.entity).findOneBy({ partyId });
    if (!row) throw new NotFound('party_unknown');
    const names = await this.personalData.namesShown(caller, [partyId]);
    return toPartyResponse(row, names.get(partyId) ?? null);
  }

  /** @throws NotFound `party_unknown`, Forbidden `not_your_party` */
  async eligibility(
    partyId: string,
    { action, at = this.clock.now() }: z.output<typeof eligibilityQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof eligibilityResponse>> {
    partyReaders.scope(caller, partyId, 'not_your_party');
    const { streamId, aggregate } = partyStream(partyId);
    const { state } = await this.commands.load(streamId, aggregate);
    if (state.status === 'unknown') throw new NotFound('party_unknown');
    return { partyId, action, at, eligible: isEligible(state, action, at) };
  }
}
