import { ACCEPTED, CancelCode, INTEGER_MAX, ORDER, acceptsCancels } from './codes.js';
import { NEW_ORDER } from './fields.js';
import { reportLevel } from './lifecycle.js';
import { match } from './matching.js';
import { isMultiple } from './order-checks.js';
import { RECORD } from './orders.js';
import { ACCOUNT_RECORD, PLAIN_LIMIT, PLAIN_MARKET } from './state.js';
import { finishTrading } from './stops.js';
import { TERMS_END, areTerms } from './terms.js';
import { bookOf, flagsOf, isExtended, isPendingStop, postOnlyOf, sideOf, stpOf } from './terms.js';
import { timeInForceOf, typeOf } from './terms.js';
import type { Book, State } from './state.js';

/**
 * The short cut for what comes by the million: a plain order that is in order, and the cancel of one. `newOrder` and
 * `cancel` say what the engine does; the two functions here do the same for the usual case alone. Each looks at
 * everything before it changes anything. When anything at all is out of the ordinary it returns NOT_PLAIN, nothing has
 * happened, and the function it shortens decides and names the reason: so a condition here may be too strict, never
 * too lax. The differential tests hold both to the twin.
 *
 * This is the file in which speed costs legibility. It reads the command in place, checks the fields with integer
 * comparisons instead of a table, and writes the record at one go. An order that joins others on its level, as most do, is put
 * there directly. It has nothing to take, because a matching book is never crossed (SPEC 7.2); no stop is due, because each
 * command that trades runs the cascade to its end; without a dynamic band there is no limit state; without a trade the
 * reference stays. Whatever else is plain goes through `match`. So the first orders of any book run both branches, which
 * matters: the compiler drops the code of a function that meets a branch for the first time.
 */

const { CUM, DISPLAY, FLAGS, LEAVES, LEVEL, PARTNER } = RECORD;
const { ACCOUNT, RESERVED_PER_LOT, VISIBLE } = RECORD;
const { KILLED_BIT, OPEN_ORDERS, OPEN_ORDERS_MAX, OWNER_GROUP, STATUS } = ACCOUNT_RECORD;
const ACCOUNT_WORDS = ACCOUNT_RECORD.WORDS;
const { BUY, DAY, GTC, IOC, LIMIT, MARKET, POST_NO, STP_NONE } = ORDER;
// Constants of this module are folded into the code; see RECORD in orders.ts.
const BOOK_FIELD = NEW_ORDER.book;
const ACCOUNT_FIELD = NEW_ORDER.account;
const ID_FIELD = NEW_ORDER.orderId;
const TERMS_FIELD = NEW_ORDER.terms;
const PRICE_FIELD = NEW_ORDER.price;
const QUANTITY_FIELD = NEW_ORDER.quantity;
const LARGEST = INTEGER_MAX;
const NO_BAND = INTEGER_MAX;
const REQUESTED = CancelCode.requested;
const BEYOND = TERMS_END;
const DONE = ACCEPTED;

/** What no handler answers: the command has to take the long way. */
export const NOT_PLAIN = -1;

/** By terms: PLAIN_LIMIT, PLAIN_MARKET, or 0 for what takes the long way. */
const PLAIN = Uint8Array.from({ length: TERMS_END }, (_, terms) => {
  if (!areTerms(terms) || isExtended(terms) || postOnlyOf(terms) !== POST_NO) return 0;
  const timeInForce = timeInForceOf(terms);
  if (typeOf(terms) === MARKET) return timeInForce === IOC ? PLAIN_MARKET : 0;
  const isPlain = timeInForce === GTC || timeInForce === DAY || timeInForce === IOC;
  return typeOf(terms) === LIMIT && isPlain ? PLAIN_LIMIT : 0;
});

/** SPEC 5 in a matching phase, for a limit order (gtc, day, ioc) or an unpriced market ioc without price protection. */
export function enterPlainOrder(s: State, c: Float64Array, at: number): number {
  // `| 0` leaves an integer of 32 bits as it is, and makes 0 of -0.
  const bookNumber = (c[at + BOOK_FIELD] as number) | 0;
  const account = (c[at + ACCOUNT_FIELD] as number) | 0;
  const orderId = c[at + ID_FIELD] as number;
  const terms = (c[at + TERMS_FIELD] as number) | 0;
  const price = (c[at + PRICE_FIELD] as number) | 0;
  const quantity = (c[at + QUANTITY_FIELD] as number) | 0;
  if (bookNumber !== c[at + BOOK_FIELD] || account !== c[at + ACCOUNT_FIELD]) return NOT_PLAIN;
  if (terms !== c[at + TERMS_FIELD] || price !== c[at + PRICE_FIELD]) return NOT_PLAIN;
  if (quantity !== c[at + QUANTITY_FIELD]) return NOT_PLAIN;
  if (bookNumber < 0 || bookNumber >= s.books.length || terms < 0 || terms >= BEYOND)
    return NOT_PLAIN;
  const book = s.books[bookNumber];
  const kind = PLAIN[terms] as number;
  if (book === undefined || kind === 0 || kind > book.plainKinds) return NOT_PLAIN;

  const accounts = s.accounts;
  if (account <= 0 || account > accounts.capacity) return NOT_PLAIN;
  const accountWords = accounts.words;
  const a = account * ACCOUNT_WORDS;
  const openOrders = accountWords[a + OPEN_ORDERS] as number;
  const openOrdersMax = accountWords[a + OPEN_ORDERS_MAX] as number;
  if (accountWords[a + OWNER_GROUP] === 0) return NOT_PLAIN;
  if (((accountWords[a + STATUS] as number) & KILLED_BIT) !== 0) return NOT_PLAIN;
  if (openOrdersMax !== 0 && openOrders >= openOrdersMax) return NOT_PLAIN;
  if (!(orderId > s.lastOrderId && orderId <= LARGEST)) return NOT_PLAIN;
  if (Math.floor(orderId) !== orderId) return NOT_PLAIN;

  const config = book.config;
  const side = sideOf(terms) as 0 | 1;
  const isBuy = side === BUY;
  const lowest = isBuy ? config.minPrice : book.lowestSell;
  const highest = isBuy ? book.highestBuy : config.maxPrice;
  const isMarket = kind === PLAIN_MARKET;
  const bound = isMarket ? (isBuy ? highest : lowest) : price;
  const notional = price * quantity;
  if (isMarket !== (price === 0) || bound < lowest || bound > highest) return NOT_PLAIN;
  if (!isMultiple(price, config.tickSize) || !isMultiple(quantity, config.lotSize))
    return NOT_PLAIN;
  if (quantity < config.minQuantity || quantity > config.maxQuantity) return NOT_PLAIN;
  if (notional > config.maxNotional || (notional < config.minNotional && !isMarket))
    return NOT_PLAIN;
  if (stpOf(terms) === STP_NONE && !config.selfTradeAllowed) return NOT_PLAIN;
  const orders = s.orders;
  if (orders.live >= orders.capacity) return NOT_PLAIN;
  const perLot = isBuy ? book.costPerLot(bound) : 1;
  const reserved = perLot * quantity;
  const balances = isBuy ? accounts.cash : book.tokens;
  const available = balances[2 * account] as number;
  if (reserved > available) return NOT_PLAIN;

  s.lastOrderId = orderId;
  s.events.acceptedPlain(bookNumber, account, orderId, terms, price, quantity);
  const order = orders.add(orderId);
  const words = orders.words;
  words[order | LEVEL] = price;
  words[order | LEAVES] = quantity;
  words[order | VISIBLE] = 0;
  words[order | CUM] = 0;
  words[order | ACCOUNT] = account;
  words[order | FLAGS] = flagsOf(terms, bookNumber);
  words[order | RESERVED_PER_LOT] = perLot;
  words[order | DISPLAY] = 0;
  words[order | PARTNER] = 0;
  accountWords[a + OPEN_ORDERS] = openOrders + 1;
  book.openOrders++;
  balances[2 * account] = available - reserved;
  balances[2 * account + 1] = (balances[2 * account + 1] as number) + reserved;
  const ladder = book.ladders[side];
  const mayRest = !isMarket && timeInForceOf(terms) !== IOC;
  if (mayRest && ladder.count(price) > 0 && book.dynamicHigh === NO_BAND) {
    words[order | VISIBLE] = quantity;
    orders.setPriority(order, ++s.priorityCount);
    ladder.append(words, order);
    reportLevel(s, book, side, price);
    return DONE;
  }
  const trades = s.tradeCount;
  match(s, book, order, bound);
  finishTrading(s, book, trades);
  return DONE;
}

/** SPEC 6.2 for an order on bids or asks without an OCO partner. */
export function cancelPlainOrder(s: State, c: Float64Array, at: number): number {
  const account = (c[at + 1] as number) | 0;
  const orderId = c[at + 2] as number;
  const orders = s.orders;
  const order = orders.find(orderId);
  const words = orders.words;
  // What `find` makes of a number that is no order id is settled by comparing the id it found.
  if (order === 0 || orders.idOf(order) !== orderId) return NOT_PLAIN;
  if (words[order | ACCOUNT] !== account || account !== c[at + 1]) return NOT_PLAIN;
  const flags = words[order | FLAGS] as number;
  if (words[order | PARTNER] !== 0 || isPendingStop(flags)) return NOT_PLAIN;
  const book = s.books[bookOf(flags)] as Book;
  if (!acceptsCancels(book.phase)) return NOT_PLAIN;

  const side = sideOf(flags) as 0 | 1;
  const level = words[order | LEVEL] as number;
  const leaves = words[order | LEAVES] as number;
  const amount = leaves * (words[order | RESERVED_PER_LOT] as number);
  book.ladders[side].remove(words, order);
  const accounts = s.accounts;
  const balances = side === BUY ? accounts.cash : book.tokens;
  balances[2 * account] = (balances[2 * account] as number) + amount;
  balances[2 * account + 1] = (balances[2 * account + 1] as number) - amount;
  const cum = words[order | CUM] as number;
  s.events.canceled(book.number, account, orderId, side, REQUESTED, leaves, cum);
  reportLevel(s, book, side, level);
  const accountWords = accounts.words;
  const a = account * ACCOUNT_WORDS + OPEN_ORDERS;
  accountWords[a] = (accountWords[a] as number) - 1;
  book.openOrders--;
  orders.remove(order);
  return DONE;
}
