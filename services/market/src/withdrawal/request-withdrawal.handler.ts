import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import type { RequestWithdrawal } from '../shard/shard.commands.js';
import type { RequestWithdrawalRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { WithdrawalBacklog } from './withdrawal-backlog.query.js';

/** Takes tokens off the trading account of the actor's party and asks the issuer to let them out of the escrow. */
@Injectable()
export class RequestWithdrawalHandler {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(WithdrawalBacklog) private readonly backlog: WithdrawalBacklog,
  ) {}

  /** @throws Unavailable `withdrawals_backlogged` */
  async handle(
    command: Pick<RequestWithdrawal, 'seriesId' | 'quantity'> & {
      readonly withdrawalId?: string | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<RequestWithdrawalRejection>> {
    const withdrawalId = command.withdrawalId ?? derivedId('token-withdrawal', context.commandId);
    const partyId = context.actor;
    await this.backlog.requireRoom({ partyId, withdrawalId });
    return this.writer.submit({
      command: { ...command, kind: 'request-withdrawal', withdrawalId, partyId },
      context,
      answer: (_events, streamVersion) => ({ id: withdrawalId, streamVersion }),
    });
  }
}
