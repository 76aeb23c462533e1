import { Controller, Inject, Post } from '@nestjs/common';
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
import { accountParams, escrowDepositRequest, transferRequest } from './account.dto.js';
import { accountRejectionStatus } from './account.refusals.js';
import { DepositToEscrowHandler } from './deposit-to-escrow.handler.js';
import { TransferTokensHandler } from './transfer-tokens.handler.js';

const rejections = {
  ...accountRejectionStatus,
  not_your_account: 403,
} as const;

const transfer = {
  summary: 'Transfer tokens to another party',
  description:
    'Both parties must be eligible, the series transferable, and the tokens free of a lock-up.',
  roles: ['founder', 'investor', 'provider-admin'],
  params: accountParams,
  body: transferRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const deposit = {
  summary: 'Put tokens into the escrow of the market, to be traded',
  description:
    'The market credits them to your trading account moments later; take them back with a token withdrawal there.',
  roles: ['founder', 'investor', 'provider-admin'],
  params: accountParams,
  body: escrowDepositRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

@Controller('accounts/:accountId')
export class MovementsController {
  constructor(
    @Inject(TransferTokensHandler) private readonly transfers: TransferTokensHandler,
    @Inject(DepositToEscrowHandler) private readonly deposits: DepositToEscrowHandler,
  ) {}

  @Post('transfers')
  @Operation(transfer)
  transfer(
    @Input() { params, body }: InputOf<typeof transfer>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    const command = { ...params, ...body };
    return answerOf(this.transfers.handle(command, context, caller), rejections);
  }

  @Post('escrow-deposits')
  @Operation(deposit)
  depositToEscrow(
    @Input() { params, body }: InputOf<typeof deposit>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    const command = { ...params, ...body };
    return answerOf(this.deposits.handle(command, context, caller), rejections);
  }
}
