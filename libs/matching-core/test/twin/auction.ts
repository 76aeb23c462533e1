import { emitPrevented, decrementResting } from './matching.js';
import { bestLevel, feesOf, ordersInFixedOrder, type Book, type Level } from './model.js';
import type { Venue } from './venue.js';

/** SPEC section 8. */

export interface Clearing {
  readonly price: number;
  readonly volume: number;
  readonly imbalance: number;
}

function leavesOf(levels: readonly Level[]): number {
  return levels.flatMap((level) => level.orders).reduce((sum, o) => sum + o.leavesQuantity, 0);
}

function clearingAt(book: Book, price: number): Clearing {
  const demand = leavesOf(book.bids.filter((level) => level.price >= price));
  const supply = leavesOf(book.asks.filter((level) => level.price <= price));
  return { price, volume: Math.min(demand, supply), imbalance: demand - supply };
}

/** SPEC 8.1: each rule among the ties of the one before. */
export function auctionPrice(venue: Venue, book: Book): Clearing {
  const marketBuy = venue.limits.ladderTicks - 1;
  const prices = new Set([...book.bids, ...book.asks].map((level) => level.price));
  prices.delete(0);
  prices.delete(marketBuy);
  // SPEC-NOTES 1: a reference outside the price range would clear beyond what market buys reserved.
  const { minPrice, maxPrice } = book.config;
  if (book.referencePrice >= minPrice && book.referencePrice <= maxPrice)
    prices.add(book.referencePrice);

  const all = [...prices].sort((a, b) => a - b).map((price) => clearingAt(book, price));
  const volumeMax = Math.max(0, ...all.map((candidate) => candidate.volume));
  if (volumeMax === 0) return { price: 0, volume: 0, imbalance: 0 };
  const largest = all.filter((candidate) => candidate.volume === volumeMax);
  const surplusMin = Math.min(...largest.map((candidate) => Math.abs(candidate.imbalance)));
  const ties = largest.filter((candidate) => Math.abs(candidate.imbalance) === surplusMin);

  const lowest = ties[0];
  const highest = ties.at(-1);
  if (lowest === undefined || highest === undefined) throw new Error('a tie has members');
  if (ties.every((candidate) => candidate.imbalance > 0)) return highest;
  if (ties.every((candidate) => candidate.imbalance < 0)) return lowest;
  const distance = (candidate: Clearing) => Math.abs(candidate.price - book.referencePrice);
  return ties.reduce((best, next) => (distance(next) <= distance(best) ? next : best));
}

/** SPEC 8.2 */
export function uncross(venue: Venue, book: Book): void {
  const { price, volume, imbalance } = auctionPrice(venue, book);
  venue.emit({ type: 'auction', book: book.id, final: true, price, volume, imbalance });
  if (volume > 0) while (matchHeads(venue, book, price)) continue;
  for (const order of ordersInFixedOrder(book))
    if (order.type === 'market') venue.end(order, 'auction_remainder');
}

function matchHeads(venue: Venue, book: Book, price: number): boolean {
  const buy = bestLevel(book, 'buy')?.orders[0];
  const sell = bestLevel(book, 'sell')?.orders[0];
  if (buy === undefined || sell === undefined) return false;
  if (buy.price < price || sell.price > price) return false;
  const quantity = Math.min(buy.visibleQuantity, sell.visibleQuantity);
  const sameOwner = buy.account.ownerGroup === sell.account.ownerGroup;
  if (sameOwner && !(buy.stp === 'none' && sell.stp === 'none')) {
    const mode = 'decrement_and_cancel';
    emitPrevented(venue, { maker: sell, taker: buy, price, quantity, mode });
    decrementResting(venue, sell, quantity);
    decrementResting(venue, buy, quantity);
    return true;
  }
  const makerFeePpm = feesOf(sell).auctionFeePpm;
  const takerFeePpm = feesOf(buy).auctionFeePpm;
  const aggressorSide = 'none';
  venue.trade({
    maker: sell,
    taker: buy,
    price,
    quantity,
    makerFeePpm,
    takerFeePpm,
    aggressorSide,
  });
  venue.settleMaker(buy);
  venue.settleMaker(sell);
  venue.endOcoPartner(buy);
  venue.endOcoPartner(sell);
  return true;
}
