import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Conflict,
  derivedId,
  Forbidden,
  hasRole,
  Input,
  NotFound,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { microMoney, microTokens } from '@specie/quantities';
import { DataSource } from 'typeorm';
import { CashEntity, FeesEntity, TokensEntity, WithdrawalEntity } from '../projections/rows.js';
import { backloggedStatus, WithdrawalBacklog } from '../projections/withdrawal-backlog.js';
import { ShardWriter } from '../writer/shard-writer.js';
import {
  balancesResponse,
  cashDepositRequest,
  cashWithdrawalRequest,
  feesResponse,
  ownerQuery,
  partyParams,
  tokenWithdrawalRequest,
  withdrawalParams,
  withdrawalResponse,
} from './market.dto.js';
import {
  depositCashStatus,
  requestWithdrawalStatus,
  withdrawCashStatus,
} from './rejection-status.js';

const depositInput = { body: cashDepositRequest };
const cashWithdrawalInput = { body: cashWithdrawalRequest };
const tokenWithdrawalInput = { body: tokenWithdrawalRequest };
const withdrawalInput = { params: withdrawalParams, query: ownerQuery };
const balancesInput = { params: partyParams };

/** Trading accounts: cash and tokens of a party, in and out. */
@Controller()
export class AccountsController {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(WithdrawalBacklog) private readonly backlog: WithdrawalBacklog,
  ) {}

  @Post('cash-deposits')
  @Operation({
    summary: 'Record that cash arrived for a party',
    description: 'The market has no payment rail: the operator records what a bank has confirmed.',
    roles: ['market-operator'],
    ...depositInput,
    response: writeResponse,
    rejections: depositCashStatus,
  })
  async depositCash(
    @Input() { body }: InputOf<typeof depositInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const depositId = body.depositId ?? derivedId('cash-deposit', context.commandId);
    const handled = await this.writer.submit({
      command: { kind: 'deposit-cash', ...body, depositId },
      context,
      answer: (_events, streamVersion) => ({ id: depositId, streamVersion }),
    });
    return answerOf(handled, depositCashStatus);
  }

  @Post('cash-withdrawals')
  @Operation({
    summary: 'Withdraw cash of your own trading account',
    description: 'What open orders reserve cannot be withdrawn.',
    roles: ['founder', 'investor', 'provider-admin'],
    ...cashWithdrawalInput,
    response: writeResponse,
    rejections: withdrawCashStatus,
  })
  async withdrawCash(
    @Input() { body }: InputOf<typeof cashWithdrawalInput>,
    @Caller() { partyId }: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const withdrawalId = body.withdrawalId ?? derivedId('cash-withdrawal', context.commandId);
    const handled = await this.writer.submit({
      command: { kind: 'withdraw-cash', ...body, withdrawalId, partyId },
      context,
      answer: (_events, streamVersion) => ({ id: withdrawalId, streamVersion }),
    });
    return answerOf(handled, withdrawCashStatus);
  }

  @Post('token-withdrawals')
  @Operation({
    summary: 'Withdraw tokens of your own trading account to your account at the issuer',
    description:
      'The tokens leave the trading account at once; the issuer settles or refuses later. While too many wait for it, new ones are refused with a Retry-After.',
    roles: ['founder', 'investor', 'provider-admin'],
    ...tokenWithdrawalInput,
    response: writeResponse,
    status: 202,
    rejections: { ...requestWithdrawalStatus, ...backloggedStatus },
  })
  async withdrawTokens(
    @Input() { body }: InputOf<typeof tokenWithdrawalInput>,
    @Caller() { partyId }: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const withdrawalId = body.withdrawalId ?? derivedId('token-withdrawal', context.commandId);
    await this.backlog.requireRoom({ partyId, withdrawalId });
    const handled = await this.writer.submit({
      command: { kind: 'request-withdrawal', ...body, withdrawalId, partyId },
      context,
      answer: (_events, streamVersion) => ({ id: withdrawalId, streamVersion }),
    });
    return answerOf(handled, requestWithdrawalStatus);
  }

  @Get('token-withdrawals/:withdrawalId')
  @Operation({
    summary: 'Show how a token withdrawal stands',
    description: 'Requested, completed, or reverted with the reason of the issuer.',
    roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
    ...withdrawalInput,
    response: withdrawalResponse,
    rejections: { withdrawal_unknown: 404, withdrawal_ambiguous: 409, not_your_account: 403 },
  })
  async withdrawal(
    @Input() { params, query }: InputOf<typeof withdrawalInput>,
    @Caller() caller: CallerIdentity,
  ) {
    // Somebody else's withdrawal is as unknown as none, so that ids tell nothing.
    const rows = await this.dataSource
      .getRepository(WithdrawalEntity)
      .findBy({ ...params, ...ownedBy(caller, query.partyId) });
    const row = onlyOne(rows, 'withdrawal');
    return {
      ...row,
      quantity: microTokens(row.quantity),
      requestedAt: row.requestedAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    };
  }

  @Get('parties/:partyId/balances')
  @Operation({
    summary: 'Show the cash and tokens of a trading account',
    description: 'Your own; operator and auditor see all.',
    roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
    ...balancesInput,
    response: balancesResponse,
    rejections: { not_your_account: 403 },
  })
  async balances(
    @Input() { params }: InputOf<typeof balancesInput>,
    @Caller() caller: CallerIdentity,
  ) {
    if (!maySee(caller, params.partyId)) {
      throw new Forbidden('not_your_account');
    }
    const cash = await this.dataSource.getRepository(CashEntity).findOneBy(params);
    const tokens = await this.dataSource
      .getRepository(TokensEntity)
      .find({ where: params, order: { seriesId: 'ASC' }, take: 10_000 });
    return {
      ...params,
      cash: cash
        ? [
            {
              currency: 'USD' as const,
              available: microMoney(cash.available),
              reserved: microMoney(cash.reserved),
            },
          ]
        : [],
      tokens: tokens.map(({ seriesId, available, reserved }) => ({
        seriesId,
        available: microTokens(available),
        reserved: microTokens(reserved),
      })),
    };
  }

  @Get('fees')
  @Operation({
    summary: 'Show the fees the venue has earned',
    description: 'By currency, since the beginning.',
    roles: ['market-operator', 'auditor'],
    response: feesResponse,
  })
  async fees() {
    const rows = await this.dataSource
      .getRepository(FeesEntity)
      .find({ order: { currency: 'ASC' } });
    return { fees: rows.map(({ currency, earned }) => ({ currency, earned: microMoney(earned) })) };
  }
}

/** Whose rows a query finds; all parties' for operator and auditor who name none. */
export function ownedBy(
  caller: CallerIdentity,
  asked: string | undefined,
): { readonly partyId?: string } {
  const partyId = partyScope(caller, asked);
  return partyId === undefined ? {} : { partyId };
}

/** Whose rows a listing shows; undefined means everybody's. */
export function partyScope(caller: CallerIdentity, asked: string | undefined): string | undefined {
  if (hasRole(caller, 'market-operator', 'auditor')) {
    return asked;
  }
  if (asked !== undefined && asked !== caller.partyId) {
    throw new Forbidden('not_your_account');
  }
  return caller.partyId;
}

/** The row with an id that its owner chose; several parties may have chosen the same one. */
export function onlyOne<T>(rows: readonly T[], thing: 'order' | 'withdrawal'): T {
  const [row, another] = rows;
  if (row === undefined) {
    throw new NotFound(`${thing}_unknown`);
  }
  if (another !== undefined) {
    throw new Conflict(`${thing}_ambiguous`, {
      detail: 'Several parties gave this id; name the one you mean with the query field partyId.',
    });
  }
  return row;
}

/** A party sees its own account; the operator and the auditor see all. */
export function maySee(caller: CallerIdentity, partyId: string): boolean {
  return caller.partyId === partyId || hasRole(caller, 'market-operator', 'auditor');
}
