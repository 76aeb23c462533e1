import { ORDER, ACCEPTED, CancelCode, EventCode, Reject, isAuction } from './codes.js';
import { endInFixedOrder } from './lifecycle.js';
import { cross } from './matching.js';
import { RECORD } from './orders.js';
import { typeOf } from './terms.js';
import type { Ladder } from './ladder.js';
import type { Book, State } from './state.js';
import type { Indication } from './types.js';

const { MARKET } = ORDER;

const { FLAGS, LEAVES, NEXT } = RECORD;

const NO_AUCTION: Indication = { price: 0, volume: 0, imbalance: 0 };

/** SPEC 8.1: greatest volume, least surplus, market pressure, closest to the reference, the higher. */
export function equilibrium(s: State, book: Book): Indication {
  const candidates = candidatePrices(s, book);
  const greatest = candidates.reduce((most, c) => Math.max(most, c.volume), 0);
  if (greatest === 0) return NO_AUCTION;
  const fullest = candidates.filter((c) => c.volume === greatest);
  const least = fullest.reduce((l, c) => Math.min(l, Math.abs(c.imbalance)), Infinity);
  const balanced = fullest.filter((c) => Math.abs(c.imbalance) === least);
  const lowest = balanced[0] ?? NO_AUCTION;
  const highest = balanced.at(-1) ?? NO_AUCTION;
  if (balanced.every((c) => c.imbalance > 0)) return highest;
  if (balanced.every((c) => c.imbalance < 0)) return lowest;
  const distance = (c: Indication): number => Math.abs(c.price - book.referencePrice);
  return balanced.reduce((best, c) => (distance(c) <= distance(best) ? c : best));
}

/** Every candidate price, ascending, with what would trade there: one walk up both ladders. */
function candidatePrices(s: State, book: Book): Indication[] {
  const [bids, asks] = book.ladders;
  const marketBuys = s.limits.ladderTicks - 1;
  const prices = new Set<number>();
  for (let p = bids.lowest(); p >= 0 && p < marketBuys; p = bids.above(p)) prices.add(p);
  for (let p = asks.above(0); p >= 0; p = asks.above(p)) prices.add(p);
  const { referencePrice } = book;
  const { minPrice, maxPrice } = book.config;
  if (referencePrice >= minPrice && referencePrice <= maxPrice) prices.add(referencePrice);

  let demand = 0;
  for (let p = bids.lowest(); p >= 0; p = bids.above(p)) demand += leavesAt(s, bids, p);
  let supply = 0;
  let nextBid = bids.lowest();
  let nextAsk = asks.lowest();
  return [...prices]
    .sort((a, b) => a - b)
    .map((price) => {
      for (; nextBid >= 0 && nextBid < price; nextBid = bids.above(nextBid))
        demand -= leavesAt(s, bids, nextBid);
      for (; nextAsk >= 0 && nextAsk <= price; nextAsk = asks.above(nextAsk))
        supply += leavesAt(s, asks, nextAsk);
      return { price, volume: Math.min(demand, supply), imbalance: demand - supply };
    });
}

/** Hidden quantity takes part in an auction. */
function leavesAt(s: State, ladder: Ladder, level: number): number {
  const { words } = s.orders;
  let leaves = 0;
  for (let order = ladder.head(level); order !== 0; order = words[order | NEXT] as number)
    leaves += words[order | LEAVES] as number;
  return leaves;
}

function reportAuction(s: State, book: Book, result: Indication, final: boolean): void {
  const { price, volume, imbalance } = result;
  s.events.emit(EventCode.auction, book.number, final ? 1 : 0, price, volume, imbalance);
}

/** SPEC 8.2. */
export function uncross(s: State, book: Book): void {
  const [bids, asks] = book.ladders;
  const result = equilibrium(s, book);
  reportAuction(s, book, result, true);
  if (result.volume > 0) {
    while (bids.best >= result.price && asks.best >= 0 && asks.best <= result.price)
      cross(s, book, bids.head(bids.best), asks.head(asks.best), result.price);
  }
  endMarketOrders(s, book);
}

function endMarketOrders(s: State, book: Book): void {
  const remaining = restingOrders(s, book).filter(
    (order) => typeOf(s.orders.words[order | FLAGS] as number) === MARKET,
  );
  endInFixedOrder(s, remaining, () => CancelCode.auction_remainder);
}

/** All live orders of a book, ladder by ladder, price ascending, first in first out. */
export function restingOrders(s: State, book: Book): number[] {
  const { words } = s.orders;
  const resting: number[] = [];
  for (const ladder of book.ladders)
    for (let level = ladder.lowest(); level >= 0; level = ladder.above(level))
      for (let order = ladder.head(level); order !== 0; order = words[order | NEXT] as number)
        resting.push(order);
  return resting;
}

/** SPEC 7.4. */
export function indicate(s: State): number {
  const book = s.books[s.command[1] as number];
  if (book === undefined) return Reject.unknown_book;
  if (!isAuction(book.phase)) return Reject.phase_not_auction;
  reportAuction(s, book, equilibrium(s, book), false);
  return ACCEPTED;
}

/** SPEC 7.2: a book that only an auction can bring into continuous trading. */
export function isCrossed(s: State, book: Book): boolean {
  const [bids, asks] = book.ladders;
  return (
    bids.best === s.limits.ladderTicks - 1 ||
    asks.best === 0 ||
    (asks.best >= 0 && bids.best >= asks.best)
  );
}
