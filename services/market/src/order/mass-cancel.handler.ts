import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Cancels the open orders of a party, in one book or in all. */
@Injectable()
export class MassCancelHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    { partyId, seriesId }: { readonly partyId: string; readonly seriesId?: string | undefined },
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.writer.submit({
      command: { kind: 'mass-cancel', partyId, seriesId, reason: 'mass_cancel' },
      context,
      answer: ([first], streamVersion) => ({
        id: partyId,
        streamVersion,
        cancelled: first?.type === 'market.orders-mass-cancelled' ? first.data.orderCount : 0,
      }),
    });
  }
}
