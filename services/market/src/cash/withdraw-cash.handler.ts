import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import type { WithdrawCash } from '../shard/shard.commands.js';
import type { WithdrawCashRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Takes cash off the trading account of the actor's party. */
@Injectable()
export class WithdrawCashHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    command: Pick<WithdrawCash, 'currency' | 'amount'> & {
      readonly withdrawalId?: string | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<WithdrawCashRejection>> {
    const withdrawalId = command.withdrawalId ?? derivedId('cash-withdrawal', context.commandId);
    return this.writer.submit({
      command: { ...command, kind: 'withdraw-cash', withdrawalId, partyId: context.actor },
      context,
      answer: (_events, streamVersion) => ({ id: withdrawalId, streamVersion }),
    });
  }
}
