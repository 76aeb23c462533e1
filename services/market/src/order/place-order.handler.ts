import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Handled, JsonValue } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import type { OrderTerms } from '../shard/shard.commands.js';
import type { PlaceOrderRejection } from '../shard/order-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { OrderQuery } from './order.query.js';
import { placedOrder, standingWire } from './placed-order.dto.js';

type Asked = Omit<OrderTerms, 'orderKind' | 'quoteAmount'> & {
  readonly kind: OrderTerms['orderKind'];
  readonly quoteAmount?: bigint | undefined;
  readonly orderId?: string | undefined;
};

/** Places an order of the actor's party. */
@Injectable()
export class PlaceOrderHandler {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(OrderQuery) private readonly orders: OrderQuery,
  ) {}

  async handle(asked: Asked, context: CommandContext): Promise<Handled<PlaceOrderRejection>> {
    const orderId = asked.orderId ?? derivedId('order', context.commandId);
    const partyId = context.actor;
    const name = { partyId, orderId };
    const handled = await this.writer.submit({
      command: { kind: 'place-order', ...name, ...termsOf(asked) },
      context,
      // A repeat under a new key makes no events; how its order stands is read when it is answered.
      answer: (events, streamVersion) => {
        const placed = placedOrder(name, events);
        return { id: orderId, streamVersion, ...(placed ? standingWire(placed) : {}) };
      },
    });
    if (handled.outcome !== 'accepted') {
      return handled;
    }
    const answer = handled.answer as { readonly [key: string]: JsonValue };
    return 'status' in answer
      ? handled
      : {
          ...handled,
          answer: { ...answer, ...standingWire(await this.orders.standing(name)) },
        };
  }
}

/** The terms in the one form that the log keeps. */
function termsOf({
  kind,
  quoteAmount,
  expiresAt,
  selfTradePrevention,
  ...terms
}: Asked): OrderTerms {
  return {
    ...terms,
    orderKind: kind,
    quoteAmount: quoteAmount === undefined ? undefined : Number(quoteAmount),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
    selfTradePrevention: selfTradePrevention === 'cancel_newest' ? undefined : selfTradePrevention,
  };
}
