import { Controller, Inject, Post } from '@nestjs/common';
import { streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext, type StreamRef } from '@specie/event-sourcing';
import { EligibilityQuery } from '@specie/eligibility';
import {
  answerOf,
  Caller,
  Command,
  derivedId,
  Input,
  NotFound,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { accountTerms, escrowTerms, lotIdOf } from '../account-terms.js';
import {
  accountAggregate,
  depositToEscrow,
  transferTokens,
  type Account,
  type AccountEvent,
  type AccountTerms,
} from '../domain/account/index.js';
import { AccountsQuery } from '../projections/accounts/accounts.query.js';
import { ProvidersQuery } from '../projections/providers/providers.query.js';
import type { SeriesRow } from '../projections/tables.js';
import { maySee, requireParty } from './access.js';
import { accountParams, escrowDepositRequest, transferRequest } from './accounts.dto.js';
import { decidedOnTheRows } from './decided-on-the-rows.js';
import { accountRejectionStatus } from './rejection-status.js';

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
  private readonly commands: CommandHandler;
  private readonly accounts: AccountsQuery;
  private readonly providers: ProvidersQuery;
  private readonly eligibility: EligibilityQuery;

  constructor(
    @Inject(CommandHandler) commands: CommandHandler,
    @Inject(AccountsQuery) accounts: AccountsQuery,
    @Inject(ProvidersQuery) providers: ProvidersQuery,
    @Inject(EligibilityQuery) eligibility: EligibilityQuery,
  ) {
    this.commands = commands;
    this.accounts = accounts;
    this.providers = providers;
    this.eligibility = eligibility;
  }

  @Post('transfers')
  @Operation(transfer)
  async transfer(
    @Input() { params, body }: InputOf<typeof transfer>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { series, from } = await this.ownAccount(params.accountId, caller);
    const sender = await this.eligibility.own(from.partyId, 'transfer', context.now);
    const to = accountTerms(series, body.toPartyId);
    const movementId = body.movementId ?? derivedId('movement', context.commandId);
    const data = {
      movementId,
      lotId: lotIdOf('transfer', from, movementId),
      quantity: body.quantity,
      from,
      to,
      transferable: series.transferable,
      senderEligible: sender.eligible,
      recipientEligible: await this.eligibility.may(to.partyId, 'transfer', context.now),
    };
    const handled = await decidedOnTheRows('token_movements_once', async () => {
      const earlier = await this.accounts.earlier(from, 'transfer', movementId);
      return this.commands.handleMany({
        streams: streamsOf(from, to),
        decide: (accounts) =>
          transferTokens({ data: { ...data, earlier }, metadata: context }, accounts),
        context,
        answer: (versions) => answerFor(movementId, from, versions),
        refusalDetails: sender.refusalDetails,
      });
    });
    return answerOf(handled, rejections);
  }

  @Post('escrow-deposits')
  @Operation(deposit)
  async depositToEscrow(
    @Input() { params, body }: InputOf<typeof deposit>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const { series, from } = await this.ownAccount(params.accountId, caller);
    const sender = await this.eligibility.own(from.partyId, 'trade', context.now);
    const to = escrowTerms(series);
    const movementId = body.movementId ?? derivedId('movement', context.commandId);
    const data = {
      movementId,
      lotId: lotIdOf('escrow', from, movementId),
      quantity: body.quantity,
      from,
      to,
      transferable: series.transferable,
      senderEligible: sender.eligible,
    };
    const handled = await decidedOnTheRows('token_movements_once', async () => {
      const earlier = await this.accounts.earlier(from, 'escrow', movementId);
      return this.commands.handleMany({
        streams: streamsOf(from, to),
        decide: (accounts) =>
          depositToEscrow({ data: { ...data, earlier }, metadata: context }, accounts),
        context,
        answer: (versions) => answerFor(movementId, from, versions),
        refusalDetails: sender.refusalDetails,
      });
    });
    return answerOf(handled, rejections);
  }

  private async ownAccount(
    accountId: string,
    caller: CallerIdentity,
  ): Promise<{ readonly series: SeriesRow; readonly from: AccountTerms }> {
    const account = await this.accounts.account(accountId);
    const series = account && (await this.providers.oneSeries(account.seriesId));
    if (!series || !maySee(caller, account.partyId)) throw new NotFound('account_unknown');
    requireParty(caller, account.partyId, 'not_your_account');
    return { series, from: accountTerms(series, account.partyId) };
  }
}

interface BothStreams {
  readonly from: StreamRef<Account, AccountEvent>;
  readonly to: StreamRef<Account, AccountEvent>;
}

function streamsOf(from: AccountTerms, to: AccountTerms): BothStreams {
  return {
    from: { streamId: streamIds.account(from.accountId), aggregate: accountAggregate },
    to: { streamId: streamIds.account(to.accountId), aggregate: accountAggregate },
  };
}

function answerFor(
  movementId: string,
  from: AccountTerms,
  versions: ReadonlyMap<string, number>,
): WriteResponse {
  return { id: movementId, streamVersion: versions.get(streamIds.account(from.accountId)) ?? 0 };
}
