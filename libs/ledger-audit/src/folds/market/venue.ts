import type { InvariantName } from '../../invariant-names.js';
import type { Invariants } from '../../invariants.js';
import type { EventFacts, EventOfService, WireEvent } from '../../wire-events.js';
import { isCall, isMatching, type Book } from './book.js';
import { Duties } from './duties.js';
import { Heap } from './heap.js';
import type { Order } from './order.js';
import { TradingParties } from './parties.js';

export type EventOf<Type extends WireEvent['type']> = EventFacts &
  Extract<EventOfService<'market'>, { readonly type: Type }>;

/** Orders, books and parties as the events left them, and what moves them between commands. */
export class Venue {
  readonly orders = new Map<string, Order>();
  readonly books = new Map<string, Book>();
  readonly parties = new TradingParties();
  readonly duties: Duties;
  readonly expiries = new Heap<Order>((a, b) => a.expiresAtMs < b.expiresAtMs);
  readonly tradedBooks = new Set<Book>();
  /** What self-trade prevention said last in this command. */
  prevented: { readonly lots: number; readonly orders: readonly Order[] } | null = null;
  /** Epoch milliseconds of the market's own clock. */
  nowMs = 0;
  /** The order that takes in this command; it rests only once it has taken what it can. */
  private taking: { readonly order: Order; readonly event: EventFacts } | null = null;
  private priority = 0;

  constructor(private readonly invariants: Invariants) {
    this.duties = new Duties(invariants);
  }

  flag(name: InvariantName, event: EventFacts, reason: string): void {
    this.invariants.violatedAt(name, event, reason);
  }

  flagAll(name: InvariantName, event: EventFacts, reasons: Iterable<string>): void {
    for (const reason of reasons) {
      this.invariants.violatedAt(name, event, reason);
    }
  }

  bookOf(event: EventFacts, seriesId: string): Book | undefined {
    const book = this.books.get(seriesId);
    if (book === undefined) {
      this.flag('S7', event, `the book ${seriesId} is not open`);
    }
    return book;
  }

  get isTaking(): boolean {
    return this.taking !== null;
  }

  /** The order takes what it can, after the one before it did. */
  take(event: EventFacts, order: Order): void {
    this.rest();
    order.priority = 0;
    this.taking = { order, event };
  }

  /** A resting order lost some lots: an iceberg that shows nothing any more shows the next, behind the others. */
  show(order: Order, lots: number): void {
    if (order.priority === 0) {
      return;
    }
    order.visibleLots -= lots;
    if (order.visibleLots <= 0 && order.leavesLots > 0) {
      this.enqueue(order);
    }
  }

  end(event: EventFacts, order: Order): void {
    order.end();
    this.parties.close(order);
    this.books.get(order.seriesId)?.openOrders.delete(order);
    this.cutPartner(event, order);
  }

  /** One cancels the other. */
  cutPartner(event: EventFacts, order: Order): void {
    const { partner } = order;
    if (partner !== null) {
      partner.partner = null;
      order.partner = null;
      this.duties.mustEnd(partner, event, `though order ${order.orderId} of its pair went first`);
    }
  }

  closeCommand(): void {
    this.rest();
    this.duties.closeCommand();
    for (const book of this.tradedBooks) {
      if (book.terms.referenceFollowsTrades) {
        book.referencePriceTicks = book.lastPriceTicks;
      }
    }
    this.tradedBooks.clear();
    this.prevented = null;
  }

  private rest(): void {
    if (this.taking === null) {
      return;
    }
    const { order, event } = this.taking;
    this.taking = null;
    const phase = this.books.get(order.seriesId)?.phase;
    const mayRest =
      order.kind === 'market'
        ? phase !== undefined && isCall(phase)
        : order.timeInForce !== 'IOC' && order.timeInForce !== 'FOK';
    if (order.isOpen && !mayRest) {
      this.flag('S7', event, `order ${order.orderId} stays open and may not rest`);
    }
    if (order.isOpen) {
      this.flagAll('S7', event, this.missedTrades(order));
      this.enqueue(order);
    }
  }

  /** An order rests when nothing on the other side can fill it. */
  private *missedTrades({ orderId, seriesId, side, priceTicks }: Order): Generator<string> {
    const book = this.books.get(seriesId);
    const other = book?.queues[side === 'buy' ? 'sell' : 'buy'].first();
    if (book === undefined || !isMatching(book.phase) || !other) {
      return;
    }
    const meets = side === 'buy' ? other.priceTicks <= priceTicks : other.priceTicks >= priceTicks;
    if (meets) {
      yield `order ${orderId} rests and does not trade with order ${other.orderId}`;
    }
  }

  private enqueue(order: Order): void {
    const { displayLots, leavesLots } = order;
    order.visibleLots = displayLots === 0 ? leavesLots : Math.min(displayLots, leavesLots);
    this.priority += 1;
    this.books.get(order.seriesId)?.queues[order.side].add(order, this.priority);
  }
}
