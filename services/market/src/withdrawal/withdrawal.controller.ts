import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { ownerQuery } from '../shard/party.dto.js';
import { RequestWithdrawalHandler } from './request-withdrawal.handler.js';
import { tokenWithdrawalRequest, withdrawalParams, withdrawalResponse } from './withdrawal.dto.js';
import { WithdrawalQuery } from './withdrawal.query.js';
import { backloggedStatus, requestWithdrawalStatus } from './withdrawal.refusals.js';

const withdraw = {
  summary: 'Withdraw tokens of your own trading account to your account at the issuer',
  description:
    'The tokens leave the trading account at once; the issuer settles or refuses later. While too many wait for it, new ones are refused with a Retry-After.',
  roles: ['founder', 'investor', 'provider-admin'],
  body: tokenWithdrawalRequest,
  response: writeResponse,
  status: 202,
  rejections: { ...requestWithdrawalStatus, ...backloggedStatus },
} as const;

const one = {
  summary: 'Show how a token withdrawal stands',
  description: 'Requested, completed, or reverted with the reason of the issuer.',
  roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
  params: withdrawalParams,
  query: ownerQuery,
  response: withdrawalResponse,
  rejections: { withdrawal_unknown: 404, withdrawal_ambiguous: 409, not_your_account: 403 },
} as const;

/** Withdrawals of tokens from trading accounts; cash has the same tag. */
@Controller()
export class AccountsController {
  constructor(
    @Inject(RequestWithdrawalHandler) private readonly requestWithdrawal: RequestWithdrawalHandler,
    @Inject(WithdrawalQuery) private readonly withdrawals: WithdrawalQuery,
  ) {}

  @Post('token-withdrawals')
  @Operation(withdraw)
  withdrawTokens(@Input() { body }: InputOf<typeof withdraw>, @Command() context: CommandContext) {
    return answerOf(this.requestWithdrawal.handle(body, context), requestWithdrawalStatus);
  }

  @Get('token-withdrawals/:withdrawalId')
  @Operation(one)
  withdrawal(@Input() { params, query }: InputOf<typeof one>, @Caller() caller: CallerIdentity) {
    return this.withdrawals.one(params.withdrawalId, query.partyId, caller);
  }
}
