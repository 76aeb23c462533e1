import { Book, isAuction, isMatching } from './book.js';
import type { Order } from './order.js';
import type { EventOf, Venue } from './venue.js';

/** The events of books, of all orders of a party, and of the clock. */
export class VenueEvents {
  constructor(private readonly venue: Venue) {}

  openBook(event: EventOf<'market.book-opened'>): void {
    const { seriesId } = event.data;
    if (this.venue.books.has(seriesId)) {
      this.venue.flag('S9', event, `the book ${seriesId} is opened twice`);
    }
    this.venue.books.set(seriesId, new Book(event.data));
  }

  changePhase(event: EventOf<'market.phase-changed'>): void {
    const { seriesId, from, to } = event.data;
    const book = this.venue.bookOf(event, seriesId);
    if (book === undefined) {
      return;
    }
    if (from !== book.phase || from === to) {
      const reason = `the book ${seriesId} goes from ${from} to ${to} and was in ${book.phase}`;
      this.venue.flag('S9', event, reason);
    }
    book.phase = to;
    if (isAuction(from) && (isMatching(to) || to === 'closed')) {
      this.venue.duties.mustUncross(book, event);
    }
    if (to === 'closed') {
      const ends = (order: Order): boolean =>
        order.timeInForce === 'DAY' || order.kind === 'market';
      this.mustEnd(event, book.openOrders, ends, 'after the book closed');
    }
  }

  uncross(event: EventOf<'market.auction-uncrossed'>): void {
    const { seriesId, priceTicks, volumeLots } = event.data;
    const book = this.venue.bookOf(event, seriesId);
    if (book === undefined) {
      return;
    }
    if (!this.venue.duties.uncrossed(book, event)) {
      this.venue.flag('S7', event, `the book ${seriesId} uncrosses and no auction ends`);
    }
    book.auction = { priceTicks, leftLots: volumeLots };
    this.mustEnd(event, book.openOrders, ({ kind }) => kind === 'market', 'after the auction');
  }

  setBands(event: EventOf<'market.bands-set'>): void {
    const { seriesId, referencePriceTicks, ...bands } = event.data;
    const book = this.venue.bookOf(event, seriesId);
    if (book !== undefined) {
      book.bands = bands;
      book.referencePriceTicks = referencePriceTicks || book.referencePriceTicks;
    }
  }

  advanceTime(event: EventOf<'market.time-advanced'>): void {
    const { venue } = this;
    const nowMs = Date.parse(event.data.at);
    if (nowMs <= venue.nowMs) {
      venue.flag('S9', event, `the clock goes back to ${event.data.at}`);
    }
    venue.nowMs = nowMs;
    for (;;) {
      const order = venue.expiries.first;
      if (order === undefined || order.expiresAtMs > nowMs) {
        return;
      }
      venue.expiries.removeFirst();
      this.mustEnd(event, [order], ({ isOpen }) => isOpen, 'after it expired');
    }
  }

  setKillSwitch(event: EventOf<'market.kill-switch-set'>): void {
    const { partyId, engaged } = event.data;
    const { parties } = this.venue;
    parties.setKillSwitch(event.data);
    if (engaged) {
      this.mustEnd(event, parties.openOf(partyId), () => true, 'after the kill switch');
    }
  }

  massCancel(event: EventOf<'market.orders-mass-cancelled'>): void {
    const { partyId, seriesId } = event.data;
    const isMeant = (order: Order): boolean =>
      seriesId === undefined || order.seriesId === seriesId;
    this.venue.duties.mustCancel(event);
    const orders = this.venue.parties.openOf(partyId);
    this.mustEnd(event, orders, isMeant, 'after all orders of its party were cancelled');
  }

  private mustEnd(
    event: Parameters<Venue['duties']['mustEnd']>[1],
    orders: Iterable<Order>,
    isMeant: (order: Order) => boolean,
    why: string,
  ): void {
    for (const order of orders) {
      if (isMeant(order)) {
        this.venue.duties.mustEnd(order, event, why);
      }
    }
  }
}
