import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled, JsonValue } from '@specie/event-sourcing';
import type { ReplaceOrderRejection } from '../shard/order-rejections.js';
import type { ReplaceOrder } from '../shard/shard.commands.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { OrderQuery } from './order.query.js';
import { standingWire } from './placed-order.dto.js';

/** Changes price and quantity of an open order of the actor's party. */
@Injectable()
export class ReplaceOrderHandler {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(OrderQuery) private readonly orders: OrderQuery,
  ) {}

  async handle(
    asked: Omit<ReplaceOrder, 'kind' | 'partyId'>,
    context: CommandContext,
  ): Promise<Handled<ReplaceOrderRejection>> {
    const { orderId } = asked;
    const partyId = context.actor;
    const handled = await this.writer.submit({
      command: { kind: 'replace-order', partyId, ...asked },
      context,
      answer: ([replaced], streamVersion) => ({
        id: orderId,
        streamVersion,
        keptPriority: replaced?.type === 'market.order-replaced' && replaced.data.keptPriority,
      }),
    });
    if (handled.outcome !== 'accepted' || context.dryRun) {
      return handled;
    }
    const answer = handled.answer as { readonly [key: string]: JsonValue };
    const standing = await this.orders.standing({ partyId, orderId });
    return { ...handled, answer: { ...answer, ...standingWire(standing) } };
  }
}
