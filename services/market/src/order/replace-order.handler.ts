import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled, JsonValue } from '@specie/event-sourcing';
import type { ReplaceOrderRejection } from '../shard/order-rejections.js';
import type { ReplaceOrder } from '../shard/shard.commands.js';
import type { ShardEvent } from '../shard/shard-events.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { OrderQuery } from './order.query.js';
import { standingWire } from './execution.dto.js';
import { replacedOrder } from './placed-order.js';

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
    let made: readonly ShardEvent[] = [];
    const handled = await this.writer.submit({
      command: { kind: 'replace-order', partyId, ...asked },
      context,
      answer: (events, streamVersion) => {
        made = events;
        const [replaced] = events;
        const keptPriority =
          replaced?.type === 'market.order-replaced' && replaced.data.keptPriority;
        return { id: orderId, streamVersion, keptPriority };
      },
    });
    if (handled.outcome !== 'accepted') {
      return handled;
    }
    const answer = handled.answer as { readonly [key: string]: JsonValue };
    const stored = await this.orders.standing({ partyId, orderId });
    const standing = context.dryRun ? replacedOrder(stored, made) : stored;
    return { ...handled, answer: { ...answer, ...standingWire(standing) } };
  }
}
