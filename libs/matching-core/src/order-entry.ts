import {
  ORDER,
  ACCEPTED,
  CancelCode,
  QUANTITY_MAX,
  Reject,
  acceptsOrders,
  isCall,
} from './codes.js';
import { isFillable } from './feasibility.js';
import { NEW_ORDER } from './fields.js';
import { endUnplaced, enroll, rest } from './lifecycle.js';
import { match, marketBound } from './matching.js';
import {
  isMultiple,
  checkQuantity,
  checkPrice,
  checkStopPrice,
  isNotional,
  postOnlyPrice,
  reservedPerLot,
} from './order-checks.js';
import { RECORD } from './orders.js';
import { bookOf, flagsOf, postOnlyOf, sideOf, stpOf, timeInForceOf, typeOf } from './terms.js';
import { finishTrading } from './stops.js';
import type { Book, State } from './state.js';

const { ACCOUNT, CUM, DISPLAY, FLAGS, LEAVES, LEVEL, PARTNER, RESERVED_PER_LOT, VISIBLE } = RECORD;
const { BUY, FOK, GTD, IOC, LIMIT, MARKET, POST_NO, STOP, STOP_LIMIT, STP_NONE } = ORDER;
const FIELD = NEW_ORDER;

// Every handler checks first, one check per line in the order of SPEC, and returns the code of the first that fails;
// from the first change on nothing can fail.

/** SPEC 5. */
export function newOrder(s: State): number {
  const c = s.command;
  const book = s.books[c[FIELD.book] as number];
  if (book === undefined) return Reject.unknown_book;
  if (!s.accounts.isConfigured(c[FIELD.account] as number)) return Reject.unknown_account;
  // From here on `| 0` changes no value: it lets the compiler use integers instead of doubles.
  const account = (c[FIELD.account] as number) | 0;
  const orderId = c[FIELD.orderId] as number;
  if (s.accounts.isKilled(account)) return Reject.account_killed;
  if (orderId <= s.lastOrderId) return Reject.duplicate_order_id;
  if (!acceptsOrders(book.phase)) return Reject.phase_refuses_orders;

  const terms = (c[FIELD.terms] as number) | 0;
  const side = sideOf(terms);
  const type = typeOf(terms);
  const timeInForce = timeInForceOf(terms);
  const stp = stpOf(terms);
  const postOnly = postOnlyOf(terms);
  const quantity = c[FIELD.quantity] as number;
  const quoteAmount = c[FIELD.quoteAmount] as number;
  const inCall = isCall(book.phase);
  const isQuote = quoteAmount > 0;
  const isStop = type >= STOP;
  let price = c[FIELD.price] as number;

  if (!isCombination(c, type, timeInForce, postOnly)) return Reject.combination_invalid;
  if (inCall && (timeInForce === FOK || isQuote || (timeInForce === IOC && type === LIMIT)))
    return Reject.phase_refuses_combination;
  if (stp === STP_NONE && !book.config.selfTradeAllowed) return Reject.stp_required;
  if (!isQuote) {
    const reason = checkQuantity(book, quantity);
    if (reason !== ACCEPTED) return reason;
    const display = c[FIELD.displayQuantity] as number;
    if (display > quantity || !isMultiple(display, book.config.lotSize))
      return Reject.display_quantity_invalid;
  }
  const priceReason = checkPrice(book, side, type, price);
  if (priceReason !== ACCEPTED) return priceReason;
  if (isStop) {
    const reason = checkStopPrice(book, c[FIELD.stopPrice] as number);
    if (reason !== ACCEPTED) return reason;
  }
  if (isQuote ? !isNotional(book, quoteAmount) : price > 0 && !isNotional(book, price * quantity))
    return Reject.notional_out_of_range;
  if (timeInForce === GTD && (c[FIELD.expiresAt] as number) <= s.time)
    return Reject.expire_time_passed;
  let partner = 0;
  if (c[FIELD.ocoPartner] !== 0) {
    partner = s.orders.find(c[FIELD.ocoPartner] as number);
    if (partner === 0 || !canBePartner(s, partner, book, account, side, quantity))
      return Reject.oco_partner_invalid;
  }
  if (postOnly !== POST_NO && !inCall) {
    price = postOnlyPrice(s, book, side, price, stp, postOnly, account);
    if (price === 0) return Reject.post_only_would_take;
  }
  const openOrdersMax = s.accounts.openOrdersMax(account);
  if (openOrdersMax > 0 && s.accounts.openOrders(account) >= openOrdersMax)
    return Reject.open_orders_limit;
  if (s.orders.live >= s.orders.capacity) return Reject.order_capacity_reached;
  const bound = type === MARKET && !inCall ? marketBound(book, side, price) : price;
  const perLot = isQuote ? 0 : reservedPerLot(s, book, side, type, inCall ? price : bound, partner);
  const balances = side === BUY ? s.accounts.cash : book.tokens;
  const available = balances[2 * account] as number;
  const reserved = isQuote
    ? quoteReservation(book, side, quoteAmount, available)
    : perLot * quantity;
  if (reserved > available || (isQuote && reserved === 0))
    return side === BUY ? Reject.insufficient_cash : Reject.insufficient_tokens;

  s.lastOrderId = orderId;
  s.events.accepted(c, 0, price);
  const order = enroll(s, book, orderId, account);
  const { words } = s.orders;
  words[order | LEAVES] = isQuote ? quoteLotsMax(book) : quantity;
  words[order | VISIBLE] = 0;
  words[order | CUM] = 0;
  words[order | FLAGS] = flagsOf(terms, book.number);
  words[order | RESERVED_PER_LOT] = perLot;
  words[order | DISPLAY] = c[FIELD.displayQuantity] as number;
  words[order | PARTNER] = partner;
  balances[2 * account] = available - reserved;
  balances[2 * account + 1] = (balances[2 * account + 1] as number) + reserved;
  if (timeInForce === GTD) {
    s.orders.setExpiry(order, c[FIELD.expiresAt] as number);
    s.expiries.push(c[FIELD.expiresAt] as number, orderId, s.orders);
  }
  if (isQuote) {
    s.quoteOrder = order;
    s.quoteLeft = quoteAmount;
    s.quoteReserved = reserved;
  }
  const trades = s.tradeCount;
  if (isStop) {
    words[order | LEVEL] = c[FIELD.stopPrice] as number;
    s.orders.setStopLimit(order, price);
    if (partner !== 0) words[partner | PARTNER] = order;
    rest(s, book, order);
  } else if (inCall) {
    words[order | LEVEL] = type === MARKET && price === 0 ? marketLevel(s, side) : price;
    rest(s, book, order);
  } else {
    words[order | LEVEL] = price;
    enter(s, book, order, bound);
  }
  finishTrading(s, book, trades);
  return ACCEPTED;
}

/** An order that may trade now: all or nothing for fok, as much as it can for the others. */
function enter(s: State, book: Book, order: number, bound: number): void {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  if (timeInForceOf(flags) === FOK) {
    const ownerGroup = s.accounts.ownerGroup(words[order | ACCOUNT] as number);
    const demand = { side: sideOf(flags), bound, stp: stpOf(flags), ownerGroup };
    if (!isFillable(s, book, demand, words[order | LEAVES] as number)) {
      endUnplaced(s, book, order, CancelCode.fok_unfillable);
      return;
    }
  }
  match(s, book, order, bound);
}

/** Level on which a market order waits for the auction: better than every limit price. */
function marketLevel(s: State, side: number): number {
  return side === BUY ? s.limits.ladderTicks - 1 : 0;
}

/** SPEC 5.6. */
function isCombination(
  c: Float64Array,
  type: number,
  timeInForce: number,
  postOnly: number,
): boolean {
  const isImmediate = timeInForce === IOC || timeInForce === FOK;
  const display = c[FIELD.displayQuantity] as number;
  const quote = c[FIELD.quoteAmount] as number;
  if ((c[FIELD.expiresAt] as number) > 0 !== (timeInForce === GTD)) return false;
  if (isImmediate && (display > 0 || postOnly !== POST_NO)) return false;
  if (type >= STOP)
    return (
      !isImmediate && postOnly === POST_NO && quote === 0 && (type === STOP_LIMIT || display === 0)
    );
  if (c[FIELD.stopPrice] !== 0 || c[FIELD.ocoPartner] !== 0) return false;
  if (type === LIMIT) return quote === 0;
  return isImmediate && (quote === 0 || (c[FIELD.quantity] === 0 && timeInForce === IOC));
}

/** SPEC 5.14. */
function canBePartner(
  s: State,
  order: number,
  book: Book,
  account: number,
  side: number,
  quantity: number,
): boolean {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  return (
    typeOf(flags) === LIMIT &&
    bookOf(flags) === book.number &&
    sideOf(flags) === side &&
    words[order | ACCOUNT] === account &&
    words[order | PARTNER] === 0 &&
    words[order | LEAVES] === quantity
  );
}

/** SPEC 2.4. */
function quoteReservation(book: Book, side: number, amount: number, available: number): number {
  if (side === BUY) return amount;
  return Math.min(available - (available % book.config.lotSize), quoteLotsMax(book));
}

/** SPEC 4.3: the lots a quote order can trade, whatever its amount: all that an order can count. */
function quoteLotsMax(book: Book): number {
  return QUANTITY_MAX - (QUANTITY_MAX % book.config.lotSize);
}
