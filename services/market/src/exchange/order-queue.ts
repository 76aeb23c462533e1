import type { Side } from './open-order.js';
import type { OpenOrder } from './open-order.js';

/** One side of a book: prices from best to worst, orders of a price first in first out. */
export interface OrderQueue {
  readonly side: Side;
  readonly prices: number[];
  readonly levels: Map<number, OpenOrder[]>;
}

export function newOrderQueue(side: Side): OrderQueue {
  return { side, prices: [], levels: new Map() };
}

/** Puts the order behind the others of its price. */
export function insertOrder(queue: OrderQueue, order: OpenOrder): void {
  const level = queue.levels.get(order.priceTicks);
  if (level) {
    level.push(order);
    return;
  }
  queue.levels.set(order.priceTicks, [order]);
  queue.prices.splice(placeOf(queue, order.priceTicks), 0, order.priceTicks);
}

export function removeOrder(queue: OrderQueue, order: OpenOrder): void {
  const level = queue.levels.get(order.priceTicks) ?? [];
  level.splice(level.indexOf(order), 1);
  if (level.length === 0) {
    queue.levels.delete(order.priceTicks);
    queue.prices.splice(placeOf(queue, order.priceTicks), 1);
  }
}

/** The orders that an order of the other side with this limit meets, best price first, then oldest first. */
export function* ordersWithin(queue: OrderQueue, limitTicks: number): Generator<OpenOrder> {
  for (const price of queue.prices) {
    if (queue.side === 'sell' ? price > limitTicks : price < limitTicks) {
      return;
    }
    yield* queue.levels.get(price) ?? [];
  }
}

/** Where `price` stands, or would stand, among the prices from best to worst. */
function placeOf(queue: OrderQueue, price: number): number {
  let low = 0;
  let high = queue.prices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = queue.prices[middle] ?? price;
    if (queue.side === 'buy' ? other > price : other < price) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
