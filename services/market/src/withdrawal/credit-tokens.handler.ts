import { Inject, Injectable } from '@nestjs/common';
import type { TokensReceived } from '@specie/contracts';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Credits tokens that stand in the market's escrow to the party that put them there. */
@Injectable()
export class CreditTokensHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    { movementId: escrowId, counterPartyId: partyId, seriesId, quantity }: TokensReceived['data'],
    context: CommandContext,
  ): Promise<Handled<never>> {
    const command = { kind: 'credit-tokens', escrowId, partyId, seriesId, quantity } as const;
    return this.writer.submit({ command, context });
  }
}
