import { Controller, Get, Inject } from '@nestjs/common';
import { fields, streamIds } from '@specie/contracts';
import { CommandHandler } from '@specie/event-sourcing';
import {
  Caller,
  Clock,
  decodeCursor,
  Forbidden,
  Input,
  NotFound,
  Operation,
  pageFrom,
  pageQuery,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { z } from 'zod';
import { accountAggregate } from './account.state.js';
import { AccountsQuery } from './account.query.js';
import type { AccountRow } from '../projections/tables.js';
import { isOverseer, maySee } from '../http/access.js';
import {
  accountDetailResponse,
  accountParams,
  accountsPage,
  accountsQuery,
  holdsPage,
  movementsPage,
  toAccountDetailResponse,
  toAccountResponse,
  toHoldResponse,
  toMovementResponse,
} from './account.dto.js';

const rejections = { account_unknown: 404 } as const;

const list = {
  summary: 'List token accounts by party and series',
  description: 'Your own; auditors, compliance officers and market operators see all.',
  roles: 'authenticated',
  query: accountsQuery,
  response: accountsPage,
  rejections: { not_your_account: 403 },
} as const;

const one = {
  summary: 'Show a token account with its lots',
  description: 'Balances, lots and version are of one moment.',
  roles: 'authenticated',
  params: accountParams,
  response: accountDetailResponse,
  rejections,
} as const;

const holds = {
  summary: 'List the holds of an account',
  description: 'Tokens that are set aside for reservations of GPU time.',
  roles: 'authenticated',
  params: accountParams,
  query: pageQuery,
  response: holdsPage,
  rejections,
} as const;

const movements = {
  summary: 'List the movements of an account, newest first',
  description:
    'Mints, grants, transfers, deposits to and withdrawals from the market, and redemptions.',
  roles: 'authenticated',
  params: accountParams,
  query: pageQuery,
  response: movementsPage,
  rejections,
} as const;

@Controller('accounts')
export class AccountsController {
  private readonly commands: CommandHandler;
  private readonly accounts: AccountsQuery;
  private readonly clock: Clock;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(AccountsQuery) accounts: AccountsQuery,
    @Inject(Clock) clock: Clock,
  ) {
    this.commands = commands;
    this.accounts = accounts;
    this.clock = clock;
  }

  @Get()
  @Operation(list)
  async list(
    @Input() { query }: InputOf<typeof list>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof accountsPage>> {
    const { cursor, limit, seriesId } = query;
    const partyId = query.partyId ?? (isOverseer(caller) ? undefined : caller.partyId);
    if (partyId !== undefined && !maySee(caller, partyId)) throw new Forbidden('not_your_account');
    const filter = {
      ...(partyId === undefined ? {} : { partyId }),
      ...(seriesId === undefined ? {} : { seriesId }),
    };
    const rows = await this.accounts.accounts(filter, {
      after: decodeCursor(cursor, fields.id),
      rowCount: limit + 1,
    });
    const page = { limit, toItem: toAccountResponse, after: (row: AccountRow) => row.accountId };
    return pageFrom(rows, page) as z.output<typeof accountsPage>;
  }

  @Get(':accountId')
  @Operation(one)
  async one(
    @Input() { params }: InputOf<typeof one>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof accountDetailResponse>> {
    const row = await this.readable(params.accountId, caller);
    const folded = await this.commands.load(streamIds.account(row.accountId), accountAggregate);
    return toAccountDetailResponse(row, folded, this.clock.now());
  }

  @Get(':accountId/holds')
  @Operation(holds)
  async holds(
    @Input() { params, query }: InputOf<typeof holds>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof holdsPage>> {
    const { accountId } = await this.readable(params.accountId, caller);
    const after = decodeCursor(query.cursor, fields.id);
    const rows = await this.accounts.holds(accountId, { after, rowCount: query.limit + 1 });
    const page = { limit: query.limit, toItem: toHoldResponse };
    return pageFrom(rows, { ...page, after: (row) => row.holdId }) as z.output<typeof holdsPage>;
  }

  @Get(':accountId/movements')
  @Operation(movements)
  async movements(
    @Input() { params, query }: InputOf<typeof movements>,
    @Caller() caller: CallerIdentity,
  ): Promise<z.output<typeof movementsPage>> {
    const { accountId } = await this.readable(params.accountId, caller);
    const before = decodeCursor(query.cursor, z.int().min(1));
    const rows = await this.accounts.movements(accountId, { before, rowCount: query.limit + 1 });
    const page = { limit: query.limit, toItem: toMovementResponse };
    return pageFrom(rows, { ...page, after: (row) => row.position }) as z.output<
      typeof movementsPage
    >;
  }

  private async readable(accountId: string, caller: CallerIdentity): Promise<AccountRow> {
    const row = await this.accounts.account(accountId);
    if (!row || !maySee(caller, row.partyId)) throw new NotFound('account_unknown');
    return row;
  }
}
