import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import type { DepositCash } from '../shard/shard.commands.js';
import type { DepositCashRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Records cash that a bank has confirmed for a party. */
@Injectable()
export class DepositCashHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    command: Pick<DepositCash, 'partyId' | 'currency' | 'amount'> & {
      readonly depositId?: string | undefined;
    },
    context: CommandContext,
  ): Promise<Handled<DepositCashRejection>> {
    const depositId = command.depositId ?? derivedId('cash-deposit', context.commandId);
    return this.writer.submit({
      command: { ...command, kind: 'deposit-cash', depositId },
      context,
      answer: (_events, streamVersion) => ({ id: depositId, streamVersion }),
    });
  }
}
