import {
  ORDER,
  ACCEPTED,
  CancelCode,
  Reject,
  acceptsCancels,
  acceptsOrders,
  isCall,
} from './codes.js';
import { discharge, endOrder, release, releaseLots, reportLevel, rest } from './lifecycle.js';
import { match } from './matching.js';
import {
  checkQuantity,
  checkPrice,
  checkStopPrice,
  isNotional,
  postOnlyPrice,
  reservedPerLot,
} from './order-checks.js';
import { RECORD } from './orders.js';
import { bookOf, isPendingStop, ladderOf, postOnlyOf, sideOf, stpOf, typeOf } from './terms.js';
import { finishTrading } from './stops.js';
import type { Book, State } from './state.js';

const { ACCOUNT, CUM, FLAGS, LEAVES, LEVEL, PARTNER, RESERVED_PER_LOT, VISIBLE } = RECORD;
const { BUY, MARKET, POST_NO } = ORDER;

/** SPEC 6.1. The account's live order, or the negated reject code. */
function lookUp(s: State, account: number, orderId: number): number {
  const order = s.orders.find(orderId);
  if (order !== 0)
    return s.orders.words[order | ACCOUNT] === account ? order : -Reject.unknown_order;
  return orderId > 0 && orderId <= s.lastOrderId ? -Reject.too_late : -Reject.unknown_order;
}

/** SPEC 6.2. */
export function cancel(s: State): number {
  const order = lookUp(s, s.command[1] as number, s.command[2] as number);
  if (order < 0) return -order;
  const book = s.books[bookOf(s.orders.words[order | FLAGS] as number)] as Book;
  if (!acceptsCancels(book.phase)) return Reject.phase_refuses_cancel;
  endOrder(s, book, order, CancelCode.requested);
  return ACCEPTED;
}

/** SPEC 6.3. */
export function replace(s: State): number {
  const account = s.command[1] as number;
  let price = s.command[3] as number;
  const quantity = s.command[4] as number;
  const stopPrice = s.command[5] as number;
  const order = lookUp(s, account, s.command[2] as number);
  if (order < 0) return -order;
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  const book = s.books[bookOf(flags)] as Book;
  const side = sideOf(flags);
  const type = typeOf(flags);
  const pending = isPendingStop(flags);
  const cum = words[order | CUM] as number;
  const leaves = words[order | LEAVES] as number;
  if (s.accounts.isKilled(account)) return Reject.account_killed;
  if (!acceptsOrders(book.phase)) return Reject.phase_refuses_orders;
  if (type === MARKET || words[order | PARTNER] !== 0) return Reject.order_not_replaceable;
  if (stopPrice > 0 && !pending) return Reject.combination_invalid;
  const quantityReason = checkQuantity(book, quantity);
  if (quantityReason !== ACCEPTED) return quantityReason;
  const priceReason = checkPrice(book, side, type, price);
  if (priceReason !== ACCEPTED) return priceReason;
  if (pending) {
    const reason = checkStopPrice(book, stopPrice);
    if (reason !== ACCEPTED) return reason;
  }
  if (price > 0 && !isNotional(book, price * quantity)) return Reject.notional_out_of_range;

  if (quantity <= cum) {
    endReplaced(s, book, order);
    finishTrading(s, book, s.tradeCount);
    return ACCEPTED;
  }
  const samePlace = price === priceOf(s, order) && (!pending || stopPrice === words[order | LEVEL]);
  if (book.config.reduceKeepsPriority && samePlace && quantity <= cum + leaves) {
    reduceInPlace(s, book, order, quantity - cum);
    finishTrading(s, book, s.tradeCount);
    return ACCEPTED;
  }
  const inCall = isCall(book.phase);
  const postOnly = postOnlyOf(flags);
  if (postOnly !== POST_NO && !inCall) {
    price = postOnlyPrice(s, book, side, price, stpOf(flags), postOnly, account);
    if (price === 0) return Reject.post_only_would_take;
  }
  const perLot = reservedPerLot(s, book, side, type, price, 0);
  const more = (quantity - cum) * perLot - leaves * (words[order | RESERVED_PER_LOT] as number);
  const balances = side === BUY ? s.accounts.cash : book.tokens;
  if (more > (balances[2 * account] as number))
    return side === BUY ? Reject.insufficient_cash : Reject.insufficient_tokens;

  const oldLevel = words[order | LEVEL] as number;
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].remove(words, order);
  release(s, book, order, -more);
  words[order | RESERVED_PER_LOT] = perLot;
  words[order | LEAVES] = quantity - cum;
  if (pending) s.orders.setStopLimit(order, price);
  words[order | LEVEL] = pending ? stopPrice : price;
  reportReplaced(s, book, order, false);
  if (!pending) reportLevel(s, book, side, oldLevel);
  const trades = s.tradeCount;
  if (pending || inCall) rest(s, book, order);
  else match(s, book, order, price);
  finishTrading(s, book, trades);
  return ACCEPTED;
}

/** The limit price, or what a pending stop will have for one. */
function priceOf(s: State, order: number): number {
  const { words } = s.orders;
  const pending = isPendingStop(words[order | FLAGS] as number);
  return pending ? s.orders.stopLimitOf(order) : (words[order | LEVEL] as number);
}

/** Replaced to no more than is already filled: the order is done. */
function endReplaced(s: State, book: Book, order: number): void {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  const level = words[order | LEVEL] as number;
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].remove(words, order);
  releaseLots(s, book, order, words[order | LEAVES] as number);
  words[order | LEAVES] = 0;
  reportReplaced(s, book, order, false);
  if (!isPendingStop(flags)) reportLevel(s, book, sideOf(flags), level);
  discharge(s, book, order);
}

function reduceInPlace(s: State, book: Book, order: number, leaves: number): void {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  releaseLots(s, book, order, (words[order | LEAVES] as number) - leaves);
  const hidden = (words[order | VISIBLE] as number) - leaves;
  words[order | LEAVES] = leaves;
  reportReplaced(s, book, order, true);
  if (hidden <= 0) return;
  words[order | VISIBLE] = leaves;
  const level = words[order | LEVEL] as number;
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].addVolume(level, -hidden);
  if (!isPendingStop(flags)) reportLevel(s, book, sideOf(flags), level);
}

function reportReplaced(s: State, book: Book, order: number, keptPriority: boolean): void {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  s.events.replaced(
    book.number,
    words[order | ACCOUNT] as number,
    s.orders.idOf(order),
    sideOf(flags),
    priceOf(s, order),
    isPendingStop(flags) ? (words[order | LEVEL] as number) : 0,
    words[order | CUM] as number,
    words[order | LEAVES] as number,
    keptPriority,
  );
}
