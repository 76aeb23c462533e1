import type { Invariants } from '../../invariants.js';
import type { EventFacts, EventOfService } from '../../wire-events.js';
import type { Book } from './book.js';
import type { Order } from './order.js';

type MassCancelled = Extract<EventOfService<'market'>, { type: 'market.orders-mass-cancelled' }>;

interface Due {
  readonly event: EventFacts;
  readonly why: string;
}

/** What an event promises that the same command must keep. */
export class Duties {
  private readonly ends = new Map<Order, Due>();
  private readonly auctions = new Map<Book, EventFacts>();
  private readonly uncrossings = new Map<Book, EventFacts>();
  private massCancelled: MassCancelled | null = null;
  private cancelCount = 0;

  constructor(private readonly invariants: Invariants) {}

  /** The order must end. */
  mustEnd(order: Order, event: EventFacts, why: string): void {
    this.ends.set(order, { event, why });
  }

  /** As many orders must be cancelled as it says. */
  mustCancel(event: MassCancelled): void {
    this.massCancelled = event;
  }

  cancelled(): void {
    this.cancelCount += 1;
  }

  /** An auction ended with the phase of the book. */
  mustUncross(book: Book, event: EventFacts): void {
    this.uncrossings.set(book, event);
  }

  /** The book uncrossed, and its volume must trade; answers whether a phase ended for it. */
  uncrossed(book: Book, event: EventFacts): boolean {
    this.auctions.set(book, event);
    return this.uncrossings.delete(book);
  }

  closeCommand(): void {
    for (const [order, { event, why }] of this.ends) {
      if (order.isOpen) {
        this.invariants.violatedAt('S7', event, `order ${order.orderId} stays open ${why}`);
      }
    }
    for (const event of this.uncrossings.values()) {
      this.invariants.violatedAt('S7', event, 'an auction ends and does not uncross');
    }
    for (const [book, event] of this.auctions) {
      if (book.auction !== null && book.auction.leftLots > 0) {
        const reason = `${book.auction.leftLots} lots of the volume of the auction do not trade`;
        this.invariants.violatedAt('S7', event, reason);
      }
      book.auction = null;
    }
    if (this.massCancelled !== null && this.massCancelled.data.orderCount !== this.cancelCount) {
      const { orderCount } = this.massCancelled.data;
      const reason = `${orderCount} orders are said to be cancelled, ${this.cancelCount} are`;
      this.invariants.violatedAt('S9', this.massCancelled, reason);
    }
    this.ends.clear();
    this.auctions.clear();
    this.uncrossings.clear();
    this.massCancelled = null;
    this.cancelCount = 0;
  }
}
