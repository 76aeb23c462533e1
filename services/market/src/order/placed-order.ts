import { assertNever, type JsonValue } from '@specie/event-sourcing';
import type { ShardEvent } from '../shard/shard.events.js';
import type { OrderName } from '../shard/shard.commands.js';

/** How an order stands after the command that placed it. */
export function placedOrder(
  { partyId, orderId }: OrderName,
  events: readonly ShardEvent[],
  streamVersion: number,
): { readonly [key: string]: JsonValue } {
  let quantityLots = 0;
  let filledLots = 0;
  let cancelledLots = 0;
  for (const event of events) {
    switch (event.type) {
      case 'market.order-accepted':
        quantityLots = event.data.quantityLots;
        break;
      case 'market.trade-executed':
        filledLots += event.data.quantityLots;
        break;
      case 'market.order-cancelled':
        // The others are orders that it met, of parties that may no longer trade.
        if (event.data.partyId === partyId && event.data.orderId === orderId) {
          cancelledLots = event.data.leavesLots;
        }
        break;
      case 'market.book-opened':
      case 'market.cash-deposited':
      case 'market.cash-withdrawn':
      case 'market.order-refused':
      case 'market.tokens-deposited':
      case 'market.withdrawal-requested':
      case 'market.withdrawal-completed':
      case 'market.withdrawal-reverted':
        break;
      default:
        assertNever(event);
    }
  }
  const leavesLots = quantityLots - filledLots - cancelledLots;
  const status = leavesLots > 0 ? 'open' : cancelledLots > 0 ? 'cancelled' : 'filled';
  return { id: orderId, streamVersion, status, filledLots, leavesLots };
}
