import { Inject, Injectable } from '@nestjs/common';
import type { WithdrawalSettled } from '@specie/contracts';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Ends a withdrawal that the issuer has settled. */
@Injectable()
export class CompleteWithdrawalHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    { partyId, withdrawalId }: WithdrawalSettled['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    const command = { kind: 'complete-withdrawal', partyId, withdrawalId } as const;
    return this.writer.submit({ command, context });
  }
}
