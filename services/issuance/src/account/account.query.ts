import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import {
  Clock,
  decodeCursor,
  NotFound,
  pageFrom,
  Readers,
  requireParty,
  type CallerIdentity,
  type PageQuery,
} from '@specie/nest-platform';
import { DataSource, LessThan, MoreThan } from 'typeorm';
import { z } from 'zod';
import { SeriesQuery } from '../series/series.query.js';
import type { SeriesRow } from '../series/series.table.js';
import { accountTerms } from './account-terms.js';
import type { AccountTerms } from './account.commands.js';
import {
  toAccountDetailResponse,
  toAccountResponse,
  toMovementResponse,
  type accountDetailResponse,
  type accountsPage,
  type accountsQuery,
  type movementsPage,
} from './account.dto.js';
import { accountStream } from './account.state.js';
import { accountTable, movementTable, type AccountRow, type MovementRow } from './account.table.js';

const readers = new Readers(['auditor', 'compliance-officer', 'market-operator']);

@Injectable()
export class AccountQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The account, if the caller may see it. @throws NotFound `account_unknown` */
  async readable(accountId: string, caller: CallerIdentity): Promise<AccountRow> {
    const row = await this.dataSource.getRepository(accountTable.entity).findOneBy({ accountId });
    if (!row || !readers.see(caller, row.partyId)) throw new NotFound('account_unknown');
    return row;
  }

  /** @throws Forbidden `not_your_account` */
  async list(
    { cursor, limit, seriesId, partyId: asked }: z.output<typeof accountsQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof accountsPage>> {
    const partyId = readers.scope(caller, asked, 'not_your_account');
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(accountTable.entity).find({
      where: {
        ...(partyId === undefined ? {} : { partyId }),
        ...(seriesId === undefined ? {} : { seriesId }),
        ...(after === undefined ? {} : { accountId: MoreThan(after) }),
      },
      order: { accountId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toAccountResponse, after: (row) => row.accountId });
  }

  /** @throws NotFound `account_unknown` */
  async one(
    accountId: string,
    caller: CallerIdentity,
  ): Promise<z.output<typeof accountDetailResponse>> {
    const row = await this.readable(accountId, caller);
    const { streamId, aggregate } = accountStream(row.accountId);
    const folded = await this.commands.load(streamId, aggregate);
    return toAccountDetailResponse(row, folded, this.clock.now());
  }

  /** The newest first. @throws NotFound `account_unknown` */
  async movements(
    accountId: string,
    { cursor, limit }: PageQuery,
    caller: CallerIdentity,
  ): Promise<z.output<typeof movementsPage>> {
    await this.readable(accountId, caller);
    const before = decodeCursor(cursor, z.int().min(1));
    const rows = await this.dataSource.getRepository(movementTable.entity).find({
      where: { accountId, ...(before === undefined ? {} : { position: LessThan(before) }) },
      order: { position: 'DESC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toMovementResponse, after: (row) => row.position });
  }

  /**
   * The caller's own account, to move tokens from, and its series.
   *
   * @throws NotFound `account_unknown`, Forbidden `not_your_account`
   */
  async ownAccount(
    accountId: string,
    caller: CallerIdentity,
  ): Promise<{ readonly series: SeriesRow; readonly from: AccountTerms }> {
    const { partyId, seriesId } = await this.readable(accountId, caller);
    requireParty(caller, partyId, 'not_your_account');
    const series = await this.series.one(seriesId);
    if (!series) throw new NotFound('account_unknown');
    return { series, from: accountTerms(series, partyId) };
  }

  /** The transfer, escrow deposit or mint of this party that has this id already. */
  earlier(
    { accountId, partyId }: { readonly accountId: string; readonly partyId: string },
    movement: 'transfer' | 'escrow' | 'mint',
    movementId: string,
  ): Promise<MovementRow | null> {
    return this.dataSource.getRepository(movementTable.entity).findOneBy({
      ...{ accountId, movement, movementId, ownerPartyId: partyId },
      direction: movement === 'mint' ? 'received' : 'sent',
    });
  }

  /** Whether the account has burned for this capture: what a second delivery of it must not repeat. */
  hasBurned(accountId: string, captureId: string): Promise<boolean> {
    return this.dataSource
      .getRepository(movementTable.entity)
      .existsBy({ accountId, movement: 'redemption', movementId: captureId });
  }
}
