import { Inject, Injectable } from '@nestjs/common';
import type { WithdrawalRefused } from '@specie/contracts';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Puts tokens back on the trading account when the issuer refuses their withdrawal. */
@Injectable()
export class RevertWithdrawalHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    { partyId, withdrawalId, reason }: WithdrawalRefused['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    const command = { kind: 'revert-withdrawal', partyId, withdrawalId, reason } as const;
    return this.writer.submit({ command, context });
  }
}
