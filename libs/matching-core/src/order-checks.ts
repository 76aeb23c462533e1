import { ORDER, ACCEPTED, Reject } from './codes.js';
import { wouldTake } from './feasibility.js';
import { RECORD } from './orders.js';
import type { Book, State } from './state.js';

const { RESERVED_PER_LOT } = RECORD;
const { BUY, LIMIT, MARKET, POST_REJECT, STOP, STOP_LIMIT } = ORDER;

/** Checks and amounts that a new order and a replace have in common. */

/** For values that fit 32 bits: the remainder of doubles would be a call into C. */
export function isMultiple(value: number, step: number): boolean {
  return step === 1 || (value | 0) % (step | 0) === 0;
}

export function checkQuantity(book: Book, quantity: number): number {
  const { config } = book;
  if (quantity < config.minQuantity || quantity > config.maxQuantity)
    return Reject.quantity_out_of_range;
  return isMultiple(quantity, config.lotSize) ? ACCEPTED : Reject.quantity_not_on_lot;
}

/** SPEC 5.10: limit prices always, protection prices when given. */
export function checkPrice(book: Book, side: number, type: number, price: number): number {
  const { config } = book;
  if (price === 0 && (type === MARKET || type === STOP)) return ACCEPTED;
  if (price < config.minPrice || price > config.maxPrice) return Reject.price_out_of_range;
  if (!isMultiple(price, config.tickSize)) return Reject.price_not_on_tick;
  if (type !== LIMIT) return ACCEPTED;
  if (side === BUY ? price > book.bandHigh : price < book.bandLow) return Reject.price_outside_band;
  return ACCEPTED;
}

export function checkStopPrice(book: Book, stopPrice: number): number {
  const { config } = book;
  if (stopPrice < config.minPrice || stopPrice > config.maxPrice)
    return Reject.stop_price_out_of_range;
  return isMultiple(stopPrice, config.tickSize) ? ACCEPTED : Reject.stop_price_not_on_tick;
}

export function isNotional(book: Book, amount: number): boolean {
  return amount >= book.config.minNotional && amount <= book.config.maxNotional;
}

/** SPEC 5.15: the price at which a post-only order may enter, 0 if it may not. */
export function postOnlyPrice(
  s: State,
  book: Book,
  side: number,
  price: number,
  stp: number,
  postOnly: number,
  account: number,
): number {
  const touch = book.ladders[(side ^ 1) as 0 | 1].best;
  if (touch < 0 || (side === BUY ? touch > price : touch < price)) return price;
  const ownerGroup = s.accounts.ownerGroup(account);
  if (!wouldTake(s, book, { side, bound: price, stp, ownerGroup })) return price;
  if (postOnly === POST_REJECT) return 0;
  const { tickSize, minPrice, maxPrice } = book.config;
  const slid = side === BUY ? touch - tickSize : touch + tickSize;
  return slid < minPrice || slid > maxPrice ? 0 : slid;
}

/** SPEC 2.3: what one lot ties up; `price` is the bound of a market order that trades at once. */
export function reservedPerLot(
  s: State,
  book: Book,
  side: number,
  type: number,
  price: number,
  partner: number,
): number {
  const anyPrice = price === 0 && type !== LIMIT && type !== STOP_LIMIT;
  const full = side === BUY ? book.costPerLot(anyPrice ? book.config.maxPrice : price) : 1;
  if (partner === 0) return full;
  return Math.max(0, full - (s.orders.words[partner | RESERVED_PER_LOT] as number));
}
