import { Controller, Get, Inject } from '@nestjs/common';
import {
  Caller,
  Input,
  Operation,
  pageQuery,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import {
  accountDetailResponse,
  accountParams,
  accountsPage,
  accountsQuery,
  movementsPage,
} from './account.dto.js';
import { AccountQuery } from './account.query.js';

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
  constructor(@Inject(AccountQuery) private readonly accounts: AccountQuery) {}

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>, @Caller() caller: CallerIdentity) {
    return this.accounts.list(query, caller);
  }

  @Get(':accountId')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>, @Caller() caller: CallerIdentity) {
    return this.accounts.one(params.accountId, caller);
  }

  @Get(':accountId/movements')
  @Operation(movements)
  movements(
    @Input() { params, query }: InputOf<typeof movements>,
    @Caller() caller: CallerIdentity,
  ) {
    return this.accounts.movements(params.accountId, query, caller);
  }
}
