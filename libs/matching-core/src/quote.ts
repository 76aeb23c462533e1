import { ORDER } from './codes.js';
import { FEE_RECORD } from './fee-tiers.js';
import { fee } from './money.js';
import { RECORD } from './orders.js';
import type { Book, State } from './state.js';

const { BUY } = ORDER;
const { ACCOUNT } = RECORD;
const { TAKER } = FEE_RECORD;

/** SPEC 4.3 step 2: lots at this price that the rest of a quote order pays for. */
export function affordable(s: State, book: Book, side: number, price: number): number {
  const lots =
    side === BUY
      ? Math.floor(s.quoteLeft / quoteCostPerLot(s, book, side, price))
      : Math.min(Math.floor(s.quoteLeft / price), s.quoteReserved);
  return lots - (lots % book.config.lotSize);
}

/** The most that one lot costs the quote order being executed: its own tier's taker fee counts if it buys. */
export function quoteCostPerLot(s: State, book: Book, side: number, price: number): number {
  if (side !== BUY) return price;
  const account = s.orders.words[s.quoteOrder | ACCOUNT] as number;
  return price + fee(price, book.fees.values[s.accounts.feesAt(account) | TAKER] as number);
}
