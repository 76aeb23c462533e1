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
import { partyParams } from '../shard/party.dto.js';
import {
  balancesResponse,
  cashDepositRequest,
  cashWithdrawalRequest,
  feesResponse,
} from './cash.dto.js';
import { CashQuery } from './cash.query.js';
import { depositCashStatus, withdrawCashStatus } from './cash.refusals.js';
import { DepositCashHandler } from './deposit-cash.handler.js';
import { WithdrawCashHandler } from './withdraw-cash.handler.js';

const deposit = {
  summary: 'Record that cash arrived for a party',
  description: 'The market has no payment rail: the operator records what a bank has confirmed.',
  roles: ['market-operator'],
  body: cashDepositRequest,
  response: writeResponse,
  rejections: depositCashStatus,
} as const;

const withdraw = {
  summary: 'Withdraw cash of your own trading account',
  description: 'What open orders reserve cannot be withdrawn.',
  roles: ['founder', 'investor', 'provider-admin'],
  body: cashWithdrawalRequest,
  response: writeResponse,
  rejections: withdrawCashStatus,
} as const;

const balances = {
  summary: 'Show the cash and tokens of a trading account',
  description: 'Your own; operator and auditor see all.',
  roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
  params: partyParams,
  response: balancesResponse,
  rejections: { not_your_account: 403 },
} as const;

const fees = {
  summary: 'Show the fees the venue has earned',
  description: 'By currency, since the beginning.',
  roles: ['market-operator', 'auditor'],
  response: feesResponse,
} as const;

/** Cash of trading accounts; the withdrawals of tokens have the same tag. */
@Controller()
export class AccountsController {
  constructor(
    @Inject(DepositCashHandler) private readonly depositCashHandler: DepositCashHandler,
    @Inject(WithdrawCashHandler) private readonly withdrawCashHandler: WithdrawCashHandler,
    @Inject(CashQuery) private readonly cash: CashQuery,
  ) {}

  @Post('cash-deposits')
  @Operation(deposit)
  depositCash(@Input() { body }: InputOf<typeof deposit>, @Command() context: CommandContext) {
    return answerOf(this.depositCashHandler.handle(body, context), depositCashStatus);
  }

  @Post('cash-withdrawals')
  @Operation(withdraw)
  withdrawCash(@Input() { body }: InputOf<typeof withdraw>, @Command() context: CommandContext) {
    return answerOf(this.withdrawCashHandler.handle(body, context), withdrawCashStatus);
  }

  @Get('parties/:partyId/balances')
  @Operation(balances)
  balances(@Input() { params }: InputOf<typeof balances>, @Caller() caller: CallerIdentity) {
    return this.cash.balances(params.partyId, caller);
  }

  @Get('fees')
  @Operation(fees)
  fees() {
    return this.cash.fees();
  }
}
