import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { CallerIdentity } from '@specie/nest-platform';
import type { CancelOrderRejection } from '../shard/order-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { OrderQuery } from './order.query.js';

/** Cancels an open order: of the caller's party, or of any party for an operator. */
@Injectable()
export class CancelOrderHandler {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(OrderQuery) private readonly orders: OrderQuery,
  ) {}

  /** @throws NotFound, Conflict, Forbidden unless the owner is known and the caller may act for it */
  async handle(
    command: { readonly orderId: string; readonly partyId?: string | undefined },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<CancelOrderRejection>> {
    const { orderId } = command;
    const partyId = await this.orders.ownerOf(orderId, command.partyId, caller);
    return this.writer.submit({
      command: { kind: 'cancel-order', orderId, partyId },
      context,
      answer: (_events, streamVersion) => ({ id: orderId, streamVersion }),
    });
  }
}
