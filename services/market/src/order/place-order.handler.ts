import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled, JsonValue } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import type { PlaceOrder } from '../shard/shard.commands.js';
import type { PlaceOrderRejection } from '../shard/order-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { OrderQuery } from './order.query.js';
import { placedOrder } from './placed-order.js';

type Terms = Pick<
  PlaceOrder,
  'seriesId' | 'side' | 'timeInForce' | 'priceTicks' | 'quantityLots'
> & {
  readonly kind: PlaceOrder['orderKind'];
  readonly orderId?: string | undefined;
};

/** Places an order of the actor's party. */
@Injectable()
export class PlaceOrderHandler {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(OrderQuery) private readonly orders: OrderQuery,
  ) {}

  async handle(
    { kind: orderKind, ...terms }: Terms,
    context: CommandContext,
  ): Promise<Handled<PlaceOrderRejection>> {
    const orderId = terms.orderId ?? derivedId('order', context.commandId);
    const partyId = context.actor;
    const handled = await this.writer.submit({
      command: { ...terms, kind: 'place-order', orderKind, orderId, partyId },
      context,
      // A repeat under a new key makes no events; how its order stands is read when it is answered.
      answer: (events, streamVersion) =>
        events.length === 0
          ? { id: orderId, streamVersion }
          : placedOrder({ partyId, orderId }, events, streamVersion),
    });
    if (handled.outcome !== 'accepted') {
      return handled;
    }
    const answer = handled.answer as { readonly [key: string]: JsonValue };
    return 'status' in answer
      ? handled
      : { ...handled, answer: { ...answer, ...(await this.orders.standing(partyId, orderId)) } };
  }
}
