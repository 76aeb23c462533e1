import type { NewOrder, RejectReason, Replace } from '../../src/types.js';
import { LOTS_MAX, roundDown } from './arithmetic.js';
import { cascadeStops, isFillable, reaches, reachesOnlyOwn, takeThenRest } from './matching.js';
import {
  bestLevel,
  displayedOf,
  isCall,
  isMatching,
  isOnBook,
  isPendingStop,
  removeFromLadder,
  stopSide,
  type Account,
  type Book,
  type Order,
} from './model.js';
import { CASH, type Venue } from './venue.js';

/** SPEC section 5 and 6.3. Every function returns the reason of a refusal, or undefined. */
type Refusal = RejectReason | undefined;

const RESTING_TIMES = ['gtc', 'day', 'gtd'];

export function newOrder(venue: Venue, command: NewOrder): Refusal {
  const book = venue.books.get(command.book);
  if (book === undefined) return 'unknown_book';
  const account = command.account === 0 ? undefined : venue.accounts.get(command.account);
  if (account === undefined) return 'unknown_account';
  if (account.killed) return 'account_killed';
  if (command.orderId <= venue.lastOrderId) return 'duplicate_order_id';

  const order = draft(command, book, account);
  const partnerId = command.ocoPartner ?? 0;
  const partner = venue.orders.get(partnerId);
  const refusal =
    checkCombination(book, command) ??
    checkQuantities(book, order, command) ??
    checkPrices(venue, order) ??
    checkNotional(book, order, command.quoteAmount ?? 0) ??
    checkExpiry(venue, order) ??
    (partnerId > 0 && !canBePartner(partner, order) ? 'oco_partner_invalid' : undefined) ??
    applyPostOnly(order) ??
    checkLimits(venue, account);
  if (refusal !== undefined) return refusal;

  const discount = partnerId > 0 ? (partner?.reservedPerLot ?? 0) : 0;
  order.reservedPerLot = Math.max(0, venue.fullReservationPerLot(order) - discount);
  const reservation = reservationOf(venue, order, command.quoteAmount ?? 0);
  const available = venue.availableOf(account, venue.assetOf(order));
  if (order.side === 'buy' && available < reservation) return 'insufficient_cash';
  if (order.side === 'sell' && available < reservation) return 'insufficient_tokens';
  if (order.side === 'sell' && order.isQuote && reservation === 0) return 'insufficient_tokens';

  venue.lastOrderId = order.orderId;
  venue.orders.set(order.orderId, order);
  account.openOrders += 1;
  venue.reserve(order, reservation);
  if (order.isQuote) order.quoteReserved = reservation;
  emitAccepted(venue, order, command.quoteAmount ?? 0, partnerId);
  if (isPendingStop(order)) {
    order.ocoPartner = partnerId > 0 ? partner : undefined;
    if (order.ocoPartner !== undefined) order.ocoPartner.ocoPartner = order;
    order.visibleQuantity = displayedOf(order);
    venue.putAtTail(stopSide(book, order.side), order);
  } else if (isCall(book)) {
    venue.rest(order);
  } else if (order.timeInForce === 'fok' && !isFillable(order, venue.boundOf(order))) {
    venue.end(order, 'fok_unfillable');
  } else {
    takeThenRest(venue, order);
  }
  cascadeStops(venue, book);
  return undefined;
}

function draft(command: NewOrder, book: Book, account: Account): Order {
  const isQuote = command.type === 'market' && (command.quoteAmount ?? 0) > 0;
  return {
    orderId: command.orderId,
    account,
    book,
    side: command.side,
    type: command.type,
    timeInForce: command.timeInForce,
    price: command.price,
    quantity: command.quantity,
    cumQuantity: 0,
    leavesQuantity: command.quantity,
    visibleQuantity: command.quantity,
    displayQuantity: command.displayQuantity ?? 0,
    stopPrice: command.stopPrice ?? 0,
    expiresAt: command.expiresAt ?? 0,
    stp: command.stp,
    postOnly: command.postOnly ?? 'no',
    ocoPartner: undefined,
    reservedPerLot: 0,
    priority: 0,
    ladder: undefined,
    isQuote,
    quoteLeft: isQuote ? (command.quoteAmount ?? 0) : 0,
    quoteReserved: 0,
  };
}

/** Checks 5 to 8. */
function checkCombination(book: Book, command: NewOrder): Refusal {
  if (!isMatching(book) && !isCall(book)) return 'phase_refuses_orders';
  if (!isValidCombination(command)) return 'combination_invalid';
  const { type, timeInForce, quoteAmount = 0 } = command;
  const immediateLimit = type === 'limit' && timeInForce === 'ioc';
  if (isCall(book) && (timeInForce === 'fok' || quoteAmount > 0 || immediateLimit))
    return 'phase_refuses_combination';
  if (command.stp === 'none' && !book.config.selfTradeAllowed) return 'stp_required';
  return undefined;
}

function isValidCombination(command: NewOrder): boolean {
  const { type, timeInForce, quantity, quoteAmount = 0, displayQuantity = 0 } = command;
  const { stopPrice = 0, expiresAt = 0, postOnly = 'no', ocoPartner = 0 } = command;
  const mayRest = RESTING_TIMES.includes(timeInForce);
  if (expiresAt > 0 !== (timeInForce === 'gtd')) return false;
  if (displayQuantity > 0 && !mayRest) return false;
  if (postOnly !== 'no' && !mayRest) return false;
  switch (type) {
    case 'limit':
      return quoteAmount === 0 && stopPrice === 0 && ocoPartner === 0;
    case 'market':
      if (mayRest || stopPrice > 0 || ocoPartner > 0) return false;
      return quoteAmount === 0 || (quantity === 0 && timeInForce === 'ioc');
    case 'stop':
      return mayRest && postOnly === 'no' && quoteAmount === 0 && displayQuantity === 0;
    case 'stop_limit':
      return mayRest && postOnly === 'no' && quoteAmount === 0;
  }
}

/** Check 9. */
function checkQuantities(book: Book, order: Order, command: NewOrder): Refusal {
  if (order.isQuote) return undefined;
  const { lotSize } = book.config;
  const { quantity, displayQuantity = 0 } = command;
  return (
    checkQuantity(book, quantity) ??
    (displayQuantity > quantity || displayQuantity % lotSize !== 0
      ? 'display_quantity_invalid'
      : undefined)
  );
}

function checkQuantity(book: Book, quantity: number): Refusal {
  const { minQuantity, maxQuantity, lotSize } = book.config;
  if (quantity < minQuantity || quantity > maxQuantity) return 'quantity_out_of_range';
  if (quantity % lotSize !== 0) return 'quantity_not_on_lot';
  return undefined;
}

/** Checks 10 and 11, of the price and stop price the order has (or would have after a replace). */
function checkPrices(venue: Venue, order: Order): Refusal {
  const { book, type, price, stopPrice, side } = order;
  const { minPrice, maxPrice, tickSize } = book.config;
  if (type === 'limit' || type === 'stop_limit' || price > 0) {
    if (price < minPrice || price > maxPrice) return 'price_out_of_range';
    if (price % tickSize !== 0) return 'price_not_on_tick';
    if (type === 'limit' && venue.isOutsideBand(book, side, price)) return 'price_outside_band';
  }
  if (isPendingStop(order)) {
    if (stopPrice < minPrice || stopPrice > maxPrice) return 'stop_price_out_of_range';
    if (stopPrice % tickSize !== 0) return 'stop_price_not_on_tick';
  }
  return undefined;
}

/** Check 12. */
function checkNotional(book: Book, order: Order, quoteAmount: number): Refusal {
  if (!order.isQuote && order.price === 0) return undefined;
  const { minNotional, maxNotional } = book.config;
  const notional = order.isQuote ? quoteAmount : order.price * order.quantity;
  return notional < minNotional || notional > maxNotional ? 'notional_out_of_range' : undefined;
}

/** Check 13. */
function checkExpiry(venue: Venue, order: Order): Refusal {
  if (order.timeInForce === 'gtd' && order.expiresAt <= venue.time) return 'expire_time_passed';
  return undefined;
}

/** Check 14. */
function canBePartner(partner: Order | undefined, order: Order): boolean {
  return (
    partner !== undefined &&
    isOnBook(partner) &&
    partner.timeInForce !== 'ioc' &&
    partner.book === order.book &&
    partner.account === order.account &&
    partner.side === order.side &&
    partner.ocoPartner === undefined &&
    partner.leavesQuantity === order.quantity
  );
}

/** Check 15: may move the price of the order. */
function applyPostOnly(order: Order): Refusal {
  const { book, side, postOnly } = order;
  if (postOnly === 'no' || !isMatching(book)) return undefined;
  const best = bestLevel(book, side === 'buy' ? 'sell' : 'buy');
  if (best === undefined || !reaches(order, best.price, order.price)) return undefined;
  if (reachesOnlyOwn(order, order.price)) return undefined;
  if (postOnly === 'reject') return 'post_only_would_take';
  const { tickSize, minPrice, maxPrice } = book.config;
  order.price = best.price + (side === 'buy' ? -tickSize : tickSize);
  if (order.price < minPrice || order.price > maxPrice) return 'post_only_would_take';
  return undefined;
}

/** Checks 16 and 17. */
function checkLimits(venue: Venue, account: Account): Refusal {
  if (account.openOrdersMax > 0 && account.openOrders >= account.openOrdersMax)
    return 'open_orders_limit';
  if (venue.orders.size >= venue.limits.orderCapacity) return 'order_capacity_reached';
  return undefined;
}

/** SPEC 2.3 and 2.4. */
function reservationOf(venue: Venue, order: Order, quoteAmount: number): number {
  if (!order.isQuote) return order.leavesQuantity * order.reservedPerLot;
  if (order.side === 'buy') return quoteAmount;
  const tokens = venue.availableOf(order.account, order.book.id);
  return roundDown(Math.min(tokens, LOTS_MAX), order.book.config.lotSize);
}

function emitAccepted(venue: Venue, order: Order, quoteAmount: number, ocoPartner: number): void {
  venue.emit({
    type: 'accepted',
    book: order.book.id,
    account: order.account.id,
    orderId: order.orderId,
    side: order.side,
    orderType: order.type,
    timeInForce: order.timeInForce,
    price: order.price,
    quantity: order.quantity,
    quoteAmount,
    displayQuantity: order.displayQuantity,
    stopPrice: order.stopPrice,
    expiresAt: order.expiresAt,
    stp: order.stp,
    postOnly: order.postOnly,
    ocoPartner,
  });
}

/** SPEC 6.1 */
export function lookUp(
  venue: Venue,
  command: { readonly account: number; readonly orderId: number },
): Order | RejectReason {
  const order = venue.orders.get(command.orderId);
  if (order !== undefined) return order.account.id === command.account ? order : 'unknown_order';
  return command.orderId > 0 && command.orderId <= venue.lastOrderId ? 'too_late' : 'unknown_order';
}

/** SPEC 6.3 */
export function replace(venue: Venue, command: Replace): Refusal {
  const order = lookUp(venue, command);
  if (typeof order === 'string') return order;
  const { book, account } = order;
  const { price, quantity, stopPrice = 0 } = command;
  if (account.killed) return 'account_killed';
  if (!isMatching(book) && !isCall(book)) return 'phase_refuses_orders';
  if (order.type === 'market' || order.ocoPartner !== undefined) return 'order_not_replaceable';
  if (stopPrice > 0 && !isPendingStop(order)) return 'combination_invalid';

  const leavesQuantity = quantity - order.cumQuantity;
  const wanted: Order = { ...order, price, stopPrice, quantity, leavesQuantity };
  const refusal =
    checkQuantity(book, quantity) ?? checkPrices(venue, wanted) ?? checkNotional(book, wanted, 0);
  if (refusal !== undefined) return refusal;

  const samePrices = price === order.price && stopPrice === order.stopPrice;
  const keepsPriority = book.config.reduceKeepsPriority && samePrices && quantity <= order.quantity;
  if (leavesQuantity <= 0) {
    replaceByNothing(venue, order);
  } else if (keepsPriority) {
    replaceInPlace(venue, order, quantity);
  } else {
    const late = applyPostOnly(wanted) ?? checkReplaceFunds(venue, order, wanted);
    if (late !== undefined) return late;
    reinsert(venue, order, wanted);
  }
  cascadeStops(venue, book);
  return undefined;
}

function checkReplaceFunds(venue: Venue, order: Order, wanted: Order): Refusal {
  wanted.reservedPerLot = venue.fullReservationPerLot(wanted);
  const more =
    wanted.leavesQuantity * wanted.reservedPerLot - order.leavesQuantity * order.reservedPerLot;
  if (more <= venue.availableOf(order.account, venue.assetOf(order))) return undefined;
  return venue.assetOf(order) === CASH ? 'insufficient_cash' : 'insufficient_tokens';
}

function emitReplaced(venue: Venue, order: Order, keptPriority: boolean): void {
  venue.emit({
    type: 'replaced',
    book: order.book.id,
    account: order.account.id,
    orderId: order.orderId,
    side: order.side,
    price: order.price,
    stopPrice: order.stopPrice,
    quantity: order.quantity,
    cumQuantity: order.cumQuantity,
    leavesQuantity: order.leavesQuantity,
    keptPriority,
  });
}

function replaceByNothing(venue: Venue, order: Order): void {
  const wasOnBook = isOnBook(order);
  venue.forget(order);
  venue.reduce(order, order.leavesQuantity);
  order.quantity = order.cumQuantity;
  emitReplaced(venue, order, false);
  if (wasOnBook) venue.emitLevel(order.book, order.side, order.price);
}

function replaceInPlace(venue: Venue, order: Order, quantity: number): void {
  venue.reduce(order, order.quantity - quantity);
  order.quantity = quantity;
  const visibleBefore = order.visibleQuantity;
  order.visibleQuantity = Math.min(visibleBefore, order.leavesQuantity);
  emitReplaced(venue, order, true);
  if (isOnBook(order) && order.visibleQuantity !== visibleBefore)
    venue.emitLevel(order.book, order.side, order.price);
}

function reinsert(venue: Venue, order: Order, wanted: Order): void {
  const { book, side, price: oldPrice } = order;
  const wasOnBook = isOnBook(order);
  removeFromLadder(order);
  venue.reserve(order, -order.leavesQuantity * order.reservedPerLot);
  order.price = wanted.price;
  order.stopPrice = wanted.stopPrice;
  order.quantity = wanted.quantity;
  order.leavesQuantity = wanted.leavesQuantity;
  order.reservedPerLot = wanted.reservedPerLot;
  venue.reserve(order, order.leavesQuantity * order.reservedPerLot);
  emitReplaced(venue, order, false);
  if (wasOnBook) venue.emitLevel(book, side, oldPrice);
  if (isPendingStop(order)) {
    order.visibleQuantity = displayedOf(order);
    venue.putAtTail(stopSide(book, side), order);
  } else if (isCall(book)) {
    venue.rest(order);
  } else {
    takeThenRest(venue, order);
  }
}
