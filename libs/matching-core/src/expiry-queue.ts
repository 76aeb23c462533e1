import type { OrderStore } from './orders.js';

interface Expiry {
  readonly expiresAt: number;
  readonly orderId: number;
}

const before = (a: Expiry, b: Expiry): boolean =>
  a.expiresAt < b.expiresAt || (a.expiresAt === b.expiresAt && a.orderId < b.orderId);

/**
 * Binary heap of good-till-date orders by (expiresAt, orderId). An order that ended earlier stays in the heap until its
 * time comes or the heap is mostly such leftovers; it holds no state of its own, so a snapshot leaves it out.
 */
export class ExpiryQueue {
  private heap: Expiry[] = [];

  push(expiresAt: number, orderId: number, orders: OrderStore): void {
    if (this.heap.length > 2 * orders.live + 1024) this.dropEnded(orders);
    this.insert({ expiresAt, orderId });
  }

  /** Takes the next order id due at `time`, 0 when there is none. */
  takeDue(time: number): number {
    const first = this.heap[0];
    if (first === undefined || first.expiresAt > time) return 0;
    this.dropFirst();
    return first.orderId;
  }

  /** When the next live order is due, 0 when none waits. Drops the leftovers that stand before it, each once. */
  nextDue(orders: OrderStore): number {
    for (;;) {
      const first = this.heap[0];
      if (first === undefined) return 0;
      if (orders.find(first.orderId) !== 0) return first.expiresAt;
      this.dropFirst();
    }
  }

  private dropFirst(): void {
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) this.sink(last);
  }

  private dropEnded(orders: OrderStore): void {
    const kept = this.heap.filter((entry) => orders.find(entry.orderId) !== 0);
    this.heap = [];
    for (const entry of kept) this.insert(entry);
  }

  private insert(entry: Expiry): void {
    let at = this.heap.length;
    this.heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.heap[parent] as Expiry;
      if (!before(entry, above)) break;
      this.heap[at] = above;
      at = parent;
    }
    this.heap[at] = entry;
  }

  private sink(entry: Expiry): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.heap.length) break;
      const right = child + 1;
      if (
        right < this.heap.length &&
        before(this.heap[right] as Expiry, this.heap[child] as Expiry)
      )
        child = right;
      const below = this.heap[child] as Expiry;
      if (!before(below, entry)) break;
      this.heap[at] = below;
      at = child;
    }
    this.heap[at] = entry;
  }
}
