import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import { ShardWriter } from '../shard/shard-writer.adapter.js';

/** Cancels every open order of a party. */
@Injectable()
export class CancelAllOrdersHandler {
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(
    { partyId }: { readonly partyId: string },
    context: CommandContext,
  ): Promise<Handled<never>> {
    return this.writer.submit({
      command: { kind: 'cancel-all-orders', partyId },
      context,
      answer: (events, streamVersion) => ({
        id: partyId,
        streamVersion,
        cancelled: events.length,
      }),
    });
  }
}
