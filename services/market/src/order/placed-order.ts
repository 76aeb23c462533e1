import { acceptedOrder, change, end, fill, type Followed } from '../shard/order-changes.js';
import type { OrderName } from '../shard/shard.commands.js';
import type { ShardEvent } from '../shard/shard-events.js';
import { tradedOrders } from '../shard/traded-orders.js';

export type Standing = Pick<
  Followed,
  'status' | 'cancelReason' | 'filledLots' | 'leavesLots' | 'filledNotional'
>;

/** How an order stands after the command that placed it; null where the events are not of its placing. */
export function placedOrder(name: OrderName, events: readonly ShardEvent[]): Followed | null {
  let order: Followed | null = null;
  for (const event of events) {
    if (event.type === 'market.order-accepted') {
      order = acceptedOrder(event.data);
    } else if (order) {
      follow(order, name, event);
    }
  }
  return order;
}

/** How an open order would stand after the command that replaces it. */
export function replacedOrder(
  before: Omit<Followed, 'hasNewTerms'>,
  events: readonly ShardEvent[],
): Standing {
  const order: Followed = { ...before, hasNewTerms: false };
  for (const event of events) {
    if (event.type === 'market.order-replaced') {
      change(order, event.data);
    } else {
      follow(order, before, event);
    }
  }
  return order;
}

/** What happens to the order in the command that placed or replaced it, which also has the trades of the stops that it triggered. */
function follow(order: Followed, name: OrderName, { type, data }: ShardEvent): void {
  switch (type) {
    case 'market.trade-executed':
      if (isOf(name, tradedOrders(data)[order.side])) {
        const rested = order.side !== data.takerSide;
        fill(order, { lots: data.quantityLots, notional: BigInt(data.notional), rested });
      }
      return;
    case 'market.order-restated':
      if (isOf(name, data)) change(order, { ...data, keptPriority: false });
      return;
    case 'market.order-cancelled':
      if (isOf(name, data)) end(order, data.reason);
      return;
    default:
      return;
  }
}

function isOf({ partyId, orderId }: OrderName, data: OrderName): boolean {
  return data.partyId === partyId && data.orderId === orderId;
}
