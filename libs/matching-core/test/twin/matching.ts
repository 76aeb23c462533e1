import { LOTS_MAX, ceilPpm, floorDivide, roundDown } from './arithmetic.js';
import {
  bestFirst,
  bestLevel,
  feesOf,
  isMatching,
  removeFromLadder,
  type Book,
  type Level,
  type Order,
} from './model.js';
import type { Venue } from './venue.js';

/** SPEC section 4: taking, feasibility, self-trade prevention, what follows taking, stop cascade. */

/** Why taking stopped: nothing left to take or to want, the order was ended, or its quote is spent. */
type Outcome = 'stopped' | 'ended' | 'quote_spent';

/** SPEC 4.1 */
export function isOwn(maker: Order, taker: Order): boolean {
  return taker.stp !== 'none' && maker.account.ownerGroup === taker.account.ownerGroup;
}

export function reaches(taker: Order, levelPrice: number, bound: number): boolean {
  return taker.side === 'buy' ? levelPrice <= bound : levelPrice >= bound;
}

function levelsWithin(taker: Order, bound: number): Level[] {
  const opposite = taker.side === 'buy' ? 'sell' : 'buy';
  return bestFirst(taker.book, opposite).filter((level) => reaches(taker, level.price, bound));
}

/** SPEC 5.15: every order the taker could reach is its own. */
export function reachesOnlyOwn(taker: Order, bound: number): boolean {
  return levelsWithin(taker, bound).every((level) =>
    level.orders.every((maker) => isOwn(maker, taker)),
  );
}

/** SPEC 4.4 */
export function isFillable(taker: Order, bound: number): boolean {
  let feasible = 0;
  for (const level of levelsWithin(taker, bound)) {
    const firstOwn = level.orders.findIndex((maker) => isOwn(maker, taker));
    if (taker.stp !== 'cancel_oldest' && firstOwn >= 0) {
      for (const maker of level.orders.slice(0, firstOwn)) feasible += maker.visibleQuantity;
      break;
    }
    for (const maker of level.orders) if (!isOwn(maker, taker)) feasible += maker.leavesQuantity;
  }
  return feasible >= taker.leavesQuantity;
}

/** Quote money that one lot at `price` may cost a quote order, the taker fee of a buy included. */
function quotePerLot(taker: Order, price: number): number {
  if (taker.side === 'sell') return price;
  return price + ceilPpm(price, feesOf(taker).takerFeePpm);
}

/** SPEC 4.3 step 2 */
function matchable(taker: Order, maker: Order): number {
  if (!taker.isQuote) return Math.min(taker.leavesQuantity, maker.visibleQuantity);
  const byQuote = floorDivide(taker.quoteLeft, quotePerLot(taker, maker.price));
  const lots = taker.side === 'sell' ? Math.min(byQuote, taker.quoteReserved) : byQuote;
  const affordable = Math.min(roundDown(lots, taker.book.config.lotSize), countable(taker));
  return Math.min(maker.visibleQuantity, affordable);
}

/** SPEC 4.3: the lots that a quote order can still count. */
function countable(taker: Order): number {
  return roundDown(LOTS_MAX, taker.book.config.lotSize) - taker.cumQuantity;
}

function wantsMore(taker: Order): boolean {
  return taker.isQuote ? countable(taker) > 0 : taker.leavesQuantity > 0;
}

/** SPEC 4.3 */
function take(venue: Venue, taker: Order, bound: number): Outcome {
  const { takerFeePpm } = feesOf(taker);
  while (wantsMore(taker)) {
    const level = bestLevel(taker.book, taker.side === 'buy' ? 'sell' : 'buy');
    const maker = level?.orders[0];
    if (maker === undefined || !reaches(taker, maker.price, bound)) return 'stopped';
    const quantity = matchable(taker, maker);
    if (quantity === 0) return 'quote_spent';
    if (isOwn(maker, taker)) {
      if (preventSelfTrade(venue, maker, taker, quantity) === 'ended') return 'ended';
      continue;
    }
    const price = maker.price;
    const { makerFeePpm } = feesOf(maker);
    const aggressorSide = taker.side;
    venue.trade({ maker, taker, price, quantity, makerFeePpm, takerFeePpm, aggressorSide });
    venue.settleMaker(maker);
    venue.endOcoPartner(maker);
  }
  return taker.isQuote ? 'quote_spent' : 'stopped';
}

/** SPEC 4.5 */
function preventSelfTrade(
  venue: Venue,
  maker: Order,
  taker: Order,
  quantity: number,
): 'ended' | 'continue' {
  emitPrevented(venue, { maker, taker, price: maker.price, quantity, mode: taker.stp });
  switch (taker.stp) {
    case 'cancel_newest':
      venue.end(taker, 'self_trade');
      return 'ended';
    case 'cancel_oldest':
      venue.end(maker, 'self_trade');
      return 'continue';
    case 'cancel_both':
      venue.end(maker, 'self_trade');
      venue.end(taker, 'self_trade');
      return 'ended';
    case 'decrement_and_cancel':
      decrementResting(venue, maker, quantity);
      return decrementTaker(venue, taker, quantity, maker.price);
    case 'none':
      throw new Error('an order with mode none has no own orders');
  }
}

export function emitPrevented(
  venue: Venue,
  match: {
    readonly maker: Order;
    readonly taker: Order;
    readonly price: number;
    readonly quantity: number;
    readonly mode: Order['stp'];
  },
): void {
  const { maker, taker, price, quantity, mode } = match;
  venue.emit({
    type: 'prevented',
    book: maker.book.id,
    price,
    quantity,
    makerOrderId: maker.orderId,
    makerAccount: maker.account.id,
    takerOrderId: taker.orderId,
    takerAccount: taker.account.id,
    mode,
  });
}

function emitRestated(venue: Venue, order: Order): void {
  venue.emit({
    type: 'restated',
    book: order.book.id,
    account: order.account.id,
    orderId: order.orderId,
    side: order.side,
    quantity: order.quantity,
    cumQuantity: order.cumQuantity,
    leavesQuantity: order.leavesQuantity,
  });
}

/** The maker's half of decrement_and_cancel; an auction uses it for both sides (SPEC 8.2). */
export function decrementResting(venue: Venue, order: Order, lots: number): void {
  order.quantity -= lots;
  order.visibleQuantity -= lots;
  venue.reduce(order, lots);
  if (order.leavesQuantity === 0) {
    venue.forget(order);
    venue.emitCanceled(order, 'self_trade', lots);
  } else {
    emitRestated(venue, order);
    venue.replenish(order);
  }
  venue.emitLevel(order.book, order.side, order.price);
  venue.endOcoPartner(order);
}

function decrementTaker(
  venue: Venue,
  taker: Order,
  lots: number,
  price: number,
): 'ended' | 'continue' {
  if (taker.isQuote) {
    const quote = lots * quotePerLot(taker, price);
    const freed = taker.side === 'buy' ? quote : lots;
    taker.quoteLeft -= quote;
    taker.quoteReserved -= freed;
    venue.reserve(taker, -freed);
    return 'continue';
  }
  taker.quantity -= lots;
  venue.reduce(taker, lots);
  if (taker.leavesQuantity > 0) {
    emitRestated(venue, taker);
    return 'continue';
  }
  venue.forget(taker);
  venue.emitCanceled(taker, 'self_trade', lots);
  return 'ended';
}

/** SPEC 4.3 and 4.6: the order stands in no list and takes what it can; the rest rests or ends. */
export function takeThenRest(venue: Venue, taker: Order): void {
  const bound = venue.boundOf(taker);
  const outcome = take(venue, taker, bound);
  if (outcome === 'ended') return;
  if (!taker.isQuote && taker.leavesQuantity === 0) {
    venue.forget(taker);
    return;
  }
  const quoteSpent = outcome === 'quote_spent' || (taker.isQuote && taker.quoteLeft === 0);
  if (taker.type === 'market') venue.end(taker, quoteSpent ? 'quote_spent' : 'no_liquidity');
  else if (taker.timeInForce === 'ioc') venue.end(taker, 'ioc_remainder');
  else venue.rest(taker);
  if (!quoteSpent) enterLimitState(venue, taker, bound);
}

function enterLimitState(venue: Venue, taker: Order, bound: number): void {
  const book = taker.book;
  const band = venue.dynamicBand(book);
  if (book.phase !== 'continuous' || band === undefined) return;
  const touches = taker.side === 'buy' ? bound >= band.high : bound <= band.low;
  if (!touches) return;
  book.phase = 'limit_state';
  venue.emit({ type: 'phase', book: book.id, from: 'continuous', to: 'limit_state' });
}

/** SPEC 4.8 */
export function cascadeStops(venue: Venue, book: Book): void {
  while (isMatching(book) && book.lastPrice > 0) {
    const buy = book.buyStops[0];
    const sell = book.sellStops.at(-1);
    if (buy !== undefined && buy.price <= book.lastPrice) trigger(venue, buy.orders[0]);
    else if (sell !== undefined && sell.price >= book.lastPrice) trigger(venue, sell.orders[0]);
    else return;
  }
}

function trigger(venue: Venue, stop: Order | undefined): void {
  if (stop === undefined) throw new Error('a level without orders');
  const book = stop.book;
  const full = venue.fullReservationPerLot(stop);
  removeFromLadder(stop);
  venue.emit({
    type: 'triggered',
    book: book.id,
    account: stop.account.id,
    orderId: stop.orderId,
    side: stop.side,
    stopPrice: stop.stopPrice,
    lastPrice: book.lastPrice,
    leavesQuantity: stop.leavesQuantity,
  });
  if (stop.ocoPartner !== undefined) {
    venue.endOcoPartner(stop);
    venue.reserve(stop, (full - stop.reservedPerLot) * stop.leavesQuantity);
    stop.reservedPerLot = full;
  }
  stop.type = stop.type === 'stop' ? 'market' : 'limit';
  stop.stopPrice = 0;
  if (stop.type === 'limit' && venue.isOutsideBand(book, stop.side, stop.price))
    venue.end(stop, 'price_outside_band');
  else takeThenRest(venue, stop);
}

export function isCrossedOrHasMarketOrders(venue: Venue, book: Book): boolean {
  const bid = bestLevel(book, 'buy');
  const ask = bestLevel(book, 'sell');
  if (bid?.price === venue.limits.ladderTicks - 1 || ask?.price === 0) return true;
  return bid !== undefined && ask !== undefined && bid.price >= ask.price;
}
