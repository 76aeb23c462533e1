import { Controller, Get, Inject } from '@nestjs/common';
import {
  Caller,
  Input,
  Operation,
  pageQuery,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { accountParams } from '../account/account.dto.js';
import { holdsPage } from './hold.dto.js';
import { HoldQuery } from './hold.query.js';

const holds = {
  summary: 'List the holds of an account',
  description: 'Tokens that are set aside for reservations of GPU time.',
  roles: 'authenticated',
  params: accountParams,
  query: pageQuery,
  response: holdsPage,
  rejections: { account_unknown: 404 },
} as const;

/** The holds of an account have the tag of the accounts. */
@Controller('accounts')
export class AccountsController {
  constructor(@Inject(HoldQuery) private readonly holdsOf: HoldQuery) {}

  @Get(':accountId/holds')
  @Operation(holds)
  holds(@Input() { params, query }: InputOf<typeof holds>, @Caller() caller: CallerIdentity) {
    return this.holdsOf.list(params.accountId, query, caller);
  }
}
