import { assertPossible } from '@specie/event-sourcing';
import type { OrderKind, OrderName, Side, TimeInForce } from './shard.commands.js';

/** An order that the core knows by its number only, by the names that others use. */
export interface OpenOrder extends OrderName {
  /** The core's id of the order. */
  readonly orderNumber: number;
  readonly seriesId: string;
  readonly side: Side;
  readonly orderKind: OrderKind;
  readonly timeInForce: TimeInForce;
  readonly clientOrderId?: string | undefined;
  /** The limit or protection price as entered or last replaced; what it reserves follows from it. */
  priceTicks: number;
  readonly isByAmount: boolean;
  /** Sum over its trades, in micro-dollars. */
  filledNotional: number;
}

/** The open orders of the shard, by number, by name and by the reference of the client. */
export class OpenOrders {
  private readonly byNumber = new Map<number, OpenOrder>();
  private readonly byName = new Map<string, OpenOrder>();
  private readonly byClientOrderId = new Map<string, OpenOrder>();
  private readonly counts = new Map<string, number>();

  get size(): number {
    return this.byNumber.size;
  }

  /** In no order that anything may depend on. */
  all(): IterableIterator<OpenOrder> {
    return this.byNumber.values();
  }

  partiesWithOrders(): IterableIterator<string> {
    return this.counts.keys();
  }

  add(order: OpenOrder): void {
    this.byNumber.set(order.orderNumber, order);
    this.byName.set(nameOf(order), order);
    if (order.clientOrderId !== undefined) {
      this.byClientOrderId.set(clientNameOf(order.partyId, order.clientOrderId), order);
    }
    this.counts.set(order.partyId, (this.counts.get(order.partyId) ?? 0) + 1);
  }

  remove(order: OpenOrder): void {
    assertPossible(this.byNumber.delete(order.orderNumber), 'an order ends once');
    this.byName.delete(nameOf(order));
    if (order.clientOrderId !== undefined) {
      this.byClientOrderId.delete(clientNameOf(order.partyId, order.clientOrderId));
    }
    const count = (this.counts.get(order.partyId) ?? 0) - 1;
    if (count > 0) {
      this.counts.set(order.partyId, count);
    } else {
      this.counts.delete(order.partyId);
    }
  }

  /** @throws if no open order has the number: the core and this index know the same orders. */
  at(orderNumber: number): OpenOrder {
    const order = this.byNumber.get(orderNumber);
    assertPossible(order !== undefined, 'an open order has a name');
    return order;
  }

  named(name: OrderName): OpenOrder | undefined {
    return this.byName.get(nameOf(name));
  }

  withClientOrderId(partyId: string, clientOrderId: string): OpenOrder | undefined {
    return this.byClientOrderId.get(clientNameOf(partyId, clientOrderId));
  }

  /** How many open orders a party has, in one book or in all. */
  countOf(partyId: string, seriesId?: string): number {
    const count = this.counts.get(partyId) ?? 0;
    if (seriesId === undefined || count === 0) {
      return count;
    }
    let inBook = 0;
    for (const order of this.byNumber.values()) {
      inBook += order.partyId === partyId && order.seriesId === seriesId ? 1 : 0;
    }
    return inBook;
  }
}

function nameOf({ partyId, orderId }: OrderName): string {
  return `${partyId}/${orderId}`;
}

function clientNameOf(partyId: string, clientOrderId: string): string {
  return `${partyId}/${clientOrderId}`;
}
