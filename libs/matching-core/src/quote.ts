import { ORDER } from './codes.js';
import { fee } from './money.js';
import type { Book, State } from './state.js';

const { BUY } = ORDER;

/** SPEC 4.3 step 2: lots at this price that the rest of a quote order pays for. */
export function affordable(s: State, book: Book, side: number, price: number): number {
  const lots =
    side === BUY
      ? Math.floor(s.quoteLeft / quoteCostPerLot(book, side, price))
      : Math.min(Math.floor(s.quoteLeft / price), s.quoteReserved);
  return lots - (lots % book.config.lotSize);
}

export function quoteCostPerLot(book: Book, side: number, price: number): number {
  return side === BUY ? price + fee(price, Math.max(book.config.takerFeePpm, 0)) : price;
}
