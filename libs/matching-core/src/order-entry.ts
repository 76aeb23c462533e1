import {
  ORDER,
  ACCEPTED,
  CancelCode,
  EventCode,
  QUANTITY_MAX,
  Reject,
  acceptsCancels,
  acceptsOrders,
  isCall,
} from './codes.js';
import { NEW_ORDER } from './fields.js';
import {
  discharge,
  endOrder,
  endTaker,
  enroll,
  release,
  releaseLots,
  reportLevel,
  rest,
} from './lifecycle.js';
import { isFillable, wouldTake } from './feasibility.js';
import { execute, marketBound } from './matching.js';
import { fireStops } from './stops.js';
import {
  RECORD,
  bookOf,
  isPendingStop,
  ladderOf,
  packFlags,
  postOnlyOf,
  sideOf,
  stpOf,
  timeInForceOf,
  typeOf,
} from './orders.js';
import type { Book, State } from './state.js';

const {
  ACCOUNT,
  CUM,
  DISPLAY,
  FLAGS,
  LEAVES,
  LEVEL,
  PARTNER,
  PRICE,
  RESERVED_PER_LOT,
  VISIBLE,
  WORDS,
} = RECORD;
const { BUY, FOK, GTD, IOC, LIMIT, MARKET, POST_NO, POST_REJECT, STOP, STOP_LIMIT, STP_NONE } =
  ORDER;

// Every handler checks first, one check per line in the order of SPEC, and returns the code of the first that fails;
// from the first change on nothing can fail.

/** SPEC 5. */
export function newOrder(s: State): number {
  const c = s.command;
  const book = s.books[c[NEW_ORDER.book] as number];
  if (book === undefined) return Reject.unknown_book;
  if (!s.accounts.isConfigured(c[NEW_ORDER.account] as number)) return Reject.unknown_account;
  // From here on `| 0` changes no value: it lets the compiler use integers instead of doubles.
  const account = (c[NEW_ORDER.account] as number) | 0;
  const orderId = c[NEW_ORDER.orderId] as number;
  if (s.accounts.killed[account] !== 0) return Reject.account_killed;
  if (orderId <= s.lastOrderId) return Reject.duplicate_order_id;
  if (!acceptsOrders(book.phase)) return Reject.phase_refuses_orders;

  const side = (c[NEW_ORDER.side] as number) | 0;
  const type = (c[NEW_ORDER.type] as number) | 0;
  const timeInForce = (c[NEW_ORDER.timeInForce] as number) | 0;
  const stp = (c[NEW_ORDER.stp] as number) | 0;
  const postOnly = (c[NEW_ORDER.postOnly] as number) | 0;
  const quantity = c[NEW_ORDER.quantity] as number;
  const quoteAmount = c[NEW_ORDER.quoteAmount] as number;
  const inCall = isCall(book.phase);
  const isQuote = quoteAmount > 0;
  const isStop = type >= STOP;
  let price = c[NEW_ORDER.price] as number;

  if (!isCombination(c)) return Reject.combination_invalid;
  if (inCall && (timeInForce === FOK || isQuote || (timeInForce === IOC && type === LIMIT)))
    return Reject.phase_refuses_combination;
  if (stp === STP_NONE && !book.config.selfTradeAllowed) return Reject.stp_required;
  if (!isQuote) {
    const reason = checkQuantity(book, quantity);
    if (reason !== ACCEPTED) return reason;
    const display = c[NEW_ORDER.displayQuantity] as number;
    if (display > quantity || !isMultiple(display, book.config.lotSize))
      return Reject.display_quantity_invalid;
  }
  const priceReason = checkPrice(book, side, type, price);
  if (priceReason !== ACCEPTED) return priceReason;
  if (isStop) {
    const reason = checkStopPrice(book, c[NEW_ORDER.stopPrice] as number);
    if (reason !== ACCEPTED) return reason;
  }
  if (isQuote ? !isNotional(book, quoteAmount) : price > 0 && !isNotional(book, price * quantity))
    return Reject.notional_out_of_range;
  if (timeInForce === GTD && (c[NEW_ORDER.expiresAt] as number) <= s.time)
    return Reject.expire_time_passed;
  let partner = 0;
  if (c[NEW_ORDER.ocoPartner] !== 0) {
    partner = s.orders.find(c[NEW_ORDER.ocoPartner] as number);
    if (partner === 0 || !canBePartner(s, partner, book, account, side, quantity))
      return Reject.oco_partner_invalid;
  }
  if (postOnly !== POST_NO && !inCall) {
    price = postOnlyPrice(s, book, side, price, stp, postOnly, account);
    if (price === 0) return Reject.post_only_would_take;
  }
  const openOrdersMax = s.accounts.openOrdersMax[account] as number;
  if (openOrdersMax > 0 && (s.accounts.openOrders[account] as number) >= openOrdersMax)
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
  s.events.accepted(c, price);
  const slot = enroll(s, book, orderId, account);
  const { words } = s.orders;
  const at = slot * WORDS;
  words[at + LEAVES] = isQuote ? QUANTITY_MAX : quantity;
  words[at + VISIBLE] = 0;
  words[at + CUM] = 0;
  words[at + FLAGS] = packFlags({ side, type, timeInForce, stp, postOnly, book: book.number });
  words[at + RESERVED_PER_LOT] = perLot;
  words[at + DISPLAY] = c[NEW_ORDER.displayQuantity] as number;
  words[at + PRICE] = price;
  words[at + PARTNER] = partner;
  balances[2 * account] = available - reserved;
  balances[2 * account + 1] = (balances[2 * account + 1] as number) + reserved;
  if (timeInForce === GTD) {
    s.orders.expiresAt[slot] = c[NEW_ORDER.expiresAt] as number;
    s.expiries.push(c[NEW_ORDER.expiresAt] as number, orderId, s.orders);
  }
  if (isQuote) {
    s.quoteSlot = slot;
    s.quoteLeft = quoteAmount;
    s.quoteReserved = reserved;
  }
  const trades = s.tradeCount;
  if (isStop) {
    words[at + LEVEL] = c[NEW_ORDER.stopPrice] as number;
    if (partner !== 0) words[partner * WORDS + PARTNER] = slot;
    rest(s, book, slot);
  } else if (inCall) {
    words[at + LEVEL] = type === MARKET && price === 0 ? marketLevel(s, side) : price;
    rest(s, book, slot);
  } else {
    words[at + LEVEL] = price;
    enter(s, book, slot, bound);
  }
  finishTrading(s, book, trades);
  return ACCEPTED;
}

/** An order that may trade now: all or nothing for fok, as much as it can for the others. */
function enter(s: State, book: Book, slot: number, bound: number): void {
  const { words } = s.orders;
  const flags = words[slot * WORDS + FLAGS] as number;
  if (timeInForceOf(flags) === FOK) {
    const ownerGroup = s.accounts.ownerGroup[words[slot * WORDS + ACCOUNT] as number] as number;
    const demand = { side: sideOf(flags), bound, stp: stpOf(flags), ownerGroup };
    if (!isFillable(s, book, demand, words[slot * WORDS + LEAVES] as number)) {
      endTaker(s, book, slot, CancelCode.fok_unfillable);
      return;
    }
  }
  execute(s, book, slot, bound);
}

/** SPEC 4.8 and 4.9: the last steps of every command that may trade. */
export function finishTrading(s: State, book: Book, tradesBefore: number): void {
  fireStops(s, book);
  if (s.tradeCount === tradesBefore || !book.config.referenceFollowsTrades) return;
  book.referencePrice = book.lastPrice;
  book.deriveBands();
}

/** Level on which a market order waits for the auction: better than every limit price. */
function marketLevel(s: State, side: number): number {
  return side === BUY ? s.limits.ladderTicks - 1 : 0;
}

/** SPEC 5.6. */
function isCombination(c: Float64Array): boolean {
  const type = c[NEW_ORDER.type] as number;
  const timeInForce = c[NEW_ORDER.timeInForce] as number;
  const isImmediate = timeInForce === IOC || timeInForce === FOK;
  const display = c[NEW_ORDER.displayQuantity] as number;
  const postOnly = c[NEW_ORDER.postOnly] as number;
  const quote = c[NEW_ORDER.quoteAmount] as number;
  if ((c[NEW_ORDER.expiresAt] as number) > 0 !== (timeInForce === GTD)) return false;
  if (isImmediate && (display > 0 || postOnly !== POST_NO)) return false;
  if (type >= STOP)
    return (
      !isImmediate && postOnly === POST_NO && quote === 0 && (type === STOP_LIMIT || display === 0)
    );
  if (c[NEW_ORDER.stopPrice] !== 0 || c[NEW_ORDER.ocoPartner] !== 0) return false;
  if (type === LIMIT) return quote === 0;
  return isImmediate && (quote === 0 || (c[NEW_ORDER.quantity] === 0 && timeInForce === IOC));
}

/** For values that fit 32 bits: the remainder of doubles would be a call into C. */
function isMultiple(value: number, step: number): boolean {
  return step === 1 || (value | 0) % (step | 0) === 0;
}

function checkQuantity(book: Book, quantity: number): number {
  const { config } = book;
  if (quantity < config.minQuantity || quantity > config.maxQuantity)
    return Reject.quantity_out_of_range;
  return isMultiple(quantity, config.lotSize) ? ACCEPTED : Reject.quantity_not_on_lot;
}

/** SPEC 5.10: limit prices always, protection prices when given. */
function checkPrice(book: Book, side: number, type: number, price: number): number {
  const { config } = book;
  if (price === 0 && (type === MARKET || type === STOP)) return ACCEPTED;
  if (price < config.minPrice || price > config.maxPrice) return Reject.price_out_of_range;
  if (!isMultiple(price, config.tickSize)) return Reject.price_not_on_tick;
  if (type !== LIMIT) return ACCEPTED;
  if (side === BUY ? price > book.bandHigh : price < book.bandLow) return Reject.price_outside_band;
  return ACCEPTED;
}

function checkStopPrice(book: Book, stopPrice: number): number {
  const { config } = book;
  if (stopPrice < config.minPrice || stopPrice > config.maxPrice)
    return Reject.stop_price_out_of_range;
  return isMultiple(stopPrice, config.tickSize) ? ACCEPTED : Reject.stop_price_not_on_tick;
}

function isNotional(book: Book, amount: number): boolean {
  return amount >= book.config.minNotional && amount <= book.config.maxNotional;
}

/** SPEC 5.14. */
function canBePartner(
  s: State,
  slot: number,
  book: Book,
  account: number,
  side: number,
  quantity: number,
): boolean {
  const { words } = s.orders;
  const at = slot * WORDS;
  const flags = words[at + FLAGS] as number;
  return (
    typeOf(flags) === LIMIT &&
    bookOf(flags) === book.number &&
    sideOf(flags) === side &&
    words[at + ACCOUNT] === account &&
    words[at + PARTNER] === 0 &&
    words[at + LEAVES] === quantity
  );
}

/** SPEC 5.15: the price at which a post-only order may enter, 0 if it may not. */
function postOnlyPrice(
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
  const ownerGroup = s.accounts.ownerGroup[account] as number;
  if (!wouldTake(s, book, { side, bound: price, stp, ownerGroup })) return price;
  if (postOnly === POST_REJECT) return 0;
  const { tickSize, minPrice, maxPrice } = book.config;
  const slid = side === BUY ? touch - tickSize : touch + tickSize;
  return slid < minPrice || slid > maxPrice ? 0 : slid;
}

/** SPEC 2.3: what one lot ties up; `price` is the bound of a market order that trades at once. */
function reservedPerLot(
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
  return Math.max(0, full - (s.orders.words[partner * WORDS + RESERVED_PER_LOT] as number));
}

/** SPEC 2.4. */
function quoteReservation(book: Book, side: number, amount: number, available: number): number {
  if (side === BUY) return amount;
  const lots = Math.min(available, QUANTITY_MAX);
  return lots - (lots % book.config.lotSize);
}

/** SPEC 6.1. Slot of the account's live order, or the negated reject code. */
function lookUp(s: State, account: number, orderId: number): number {
  const slot = s.orders.find(orderId);
  if (slot !== 0)
    return s.orders.words[slot * WORDS + ACCOUNT] === account ? slot : -Reject.unknown_order;
  return orderId > 0 && orderId <= s.lastOrderId ? -Reject.too_late : -Reject.unknown_order;
}

/** SPEC 6.2. */
export function cancel(s: State): number {
  const slot = lookUp(s, s.command[1] as number, s.command[2] as number);
  if (slot < 0) return -slot;
  const book = s.books[bookOf(s.orders.words[slot * WORDS + FLAGS] as number)] as Book;
  if (!acceptsCancels(book.phase)) return Reject.phase_refuses_cancel;
  endOrder(s, book, slot, CancelCode.requested);
  return ACCEPTED;
}

/** SPEC 6.3. */
export function replace(s: State): number {
  const account = s.command[1] as number;
  let price = s.command[3] as number;
  const quantity = s.command[4] as number;
  const stopPrice = s.command[5] as number;
  const slot = lookUp(s, account, s.command[2] as number);
  if (slot < 0) return -slot;
  const { words } = s.orders;
  const at = slot * WORDS;
  const flags = words[at + FLAGS] as number;
  const book = s.books[bookOf(flags)] as Book;
  const side = sideOf(flags);
  const type = typeOf(flags);
  const pending = isPendingStop(flags);
  const cum = words[at + CUM] as number;
  const leaves = words[at + LEAVES] as number;
  if (s.accounts.killed[account] !== 0) return Reject.account_killed;
  if (!acceptsOrders(book.phase)) return Reject.phase_refuses_orders;
  if (type === MARKET || words[at + PARTNER] !== 0) return Reject.order_not_replaceable;
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
    endReplaced(s, book, slot);
    finishTrading(s, book, s.tradeCount);
    return ACCEPTED;
  }
  const samePlace = price === words[at + PRICE] && (!pending || stopPrice === words[at + LEVEL]);
  if (book.config.reduceKeepsPriority && samePlace && quantity <= cum + leaves) {
    reduceInPlace(s, book, slot, quantity - cum);
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
  const more = (quantity - cum) * perLot - leaves * (words[at + RESERVED_PER_LOT] as number);
  const balances = side === BUY ? s.accounts.cash : book.tokens;
  if (more > (balances[2 * account] as number))
    return side === BUY ? Reject.insufficient_cash : Reject.insufficient_tokens;

  const oldLevel = words[at + LEVEL] as number;
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].remove(words, slot);
  release(s, book, slot, -more);
  words[at + RESERVED_PER_LOT] = perLot;
  words[at + LEAVES] = quantity - cum;
  words[at + PRICE] = price;
  words[at + LEVEL] = pending ? stopPrice : price;
  reportReplaced(s, book, slot, false);
  if (!pending) reportLevel(s, book, side, oldLevel);
  const trades = s.tradeCount;
  if (pending || inCall) rest(s, book, slot);
  else execute(s, book, slot, price);
  finishTrading(s, book, trades);
  return ACCEPTED;
}

/** Replaced to no more than is already filled: the order is done. */
function endReplaced(s: State, book: Book, slot: number): void {
  const { words } = s.orders;
  const at = slot * WORDS;
  const flags = words[at + FLAGS] as number;
  const level = words[at + LEVEL] as number;
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].remove(words, slot);
  releaseLots(s, book, slot, words[at + LEAVES] as number);
  words[at + LEAVES] = 0;
  reportReplaced(s, book, slot, false);
  if (!isPendingStop(flags)) reportLevel(s, book, sideOf(flags), level);
  discharge(s, book, slot);
}

function reduceInPlace(s: State, book: Book, slot: number, leaves: number): void {
  const { words } = s.orders;
  const at = slot * WORDS;
  const flags = words[at + FLAGS] as number;
  releaseLots(s, book, slot, (words[at + LEAVES] as number) - leaves);
  const hidden = (words[at + VISIBLE] as number) - leaves;
  words[at + LEAVES] = leaves;
  reportReplaced(s, book, slot, true);
  if (hidden <= 0) return;
  words[at + VISIBLE] = leaves;
  const level = words[at + LEVEL] as number;
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].addVolume(level, -hidden);
  if (!isPendingStop(flags)) reportLevel(s, book, sideOf(flags), level);
}

function reportReplaced(s: State, book: Book, slot: number, keptPriority: boolean): void {
  const { words } = s.orders;
  const at = slot * WORDS;
  const flags = words[at + FLAGS] as number;
  const cum = words[at + CUM] as number;
  const leaves = words[at + LEAVES] as number;
  s.events.emit(
    EventCode.replaced,
    book.number,
    words[at + ACCOUNT] as number,
    s.orders.idOf(slot),
    sideOf(flags),
    words[at + PRICE] as number,
    isPendingStop(flags) ? (words[at + LEVEL] as number) : 0,
    cum + leaves,
    cum,
    leaves,
    keptPriority ? 1 : 0,
  );
}
