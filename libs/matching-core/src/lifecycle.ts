import { ORDER, CancelCode } from './codes.js';
import { RECORD } from './orders.js';
import { ACCOUNT_RECORD } from './state.js';
import type { Book, State } from './state.js';
import { bookOf, isPendingStop, ladderOf, sideOf } from './terms.js';

const { ACCOUNT, CUM, DISPLAY, FLAGS, LEAVES, LEVEL, PARTNER, RESERVED_PER_LOT, VISIBLE } = RECORD;
const { BUY } = ORDER;
const { OPEN_ORDERS } = ACCOUNT_RECORD;
const ACCOUNT_WORDS = ACCOUNT_RECORD.WORDS;

/** What can happen to a live order other than trading: it takes a place, leaves it, gives money back, ends. */

/** Shown quantity of an order that comes to the tail: all of it, or the peak of an iceberg. */
function shown(words: Int32Array, order: number): number {
  const leaves = words[order | LEAVES] as number;
  const display = words[order | DISPLAY] as number;
  return display === 0 || display > leaves ? leaves : display;
}

/** Puts the order at the tail of the level in its record. */
export function rest(s: State, book: Book, order: number): void {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  words[order | VISIBLE] = shown(words, order);
  s.orders.setPriority(order, ++s.priorityCount);
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].append(words, order);
  if (!isPendingStop(flags)) reportLevel(s, book, sideOf(flags), words[order | LEVEL] as number);
}

/** An iceberg whose peak is used up shows the next one, at the tail. */
function replenish(s: State, book: Book, order: number): void {
  const { words } = s.orders;
  const ladder = book.ladders[sideOf(words[order | FLAGS] as number) as 0 | 1];
  ladder.remove(words, order);
  words[order | VISIBLE] = shown(words, order);
  s.orders.setPriority(order, ++s.priorityCount);
  ladder.append(words, order);
}

export function reportLevel(s: State, book: Book, side: number, level: number): void {
  const ladder = book.ladders[side as 0 | 1];
  s.events.level(
    book.number,
    side,
    level,
    ladder.volume(level),
    ladder.count(level),
    ++book.levelSequence,
  );
}

/** Moves money or tokens from reserved (positive amount) to available, or back (negative). */
export function release(s: State, book: Book, order: number, amount: number): void {
  const { words } = s.orders;
  const account = words[order | ACCOUNT] as number;
  const balances = sideOf(words[order | FLAGS] as number) === BUY ? s.accounts.cash : book.tokens;
  balances[2 * account] = (balances[2 * account] as number) + amount;
  balances[2 * account + 1] = (balances[2 * account + 1] as number) - amount;
}

export function releaseLots(s: State, book: Book, order: number, lots: number): void {
  release(s, book, order, lots * (s.orders.words[order | RESERVED_PER_LOT] as number));
}

/** Registers a new live order with its account and book. */
export function enroll(s: State, book: Book, orderId: number, account: number): number {
  const order = s.orders.add(orderId);
  s.orders.words[order | ACCOUNT] = account;
  countOrder(s, account, 1);
  book.openOrders++;
  return order;
}

/** Forgets an order that stands on no ladder any more. */
export function discharge(s: State, book: Book, order: number): void {
  countOrder(s, s.orders.words[order | ACCOUNT] as number, -1);
  book.openOrders--;
  s.orders.remove(order);
}

function countOrder(s: State, account: number, change: number): void {
  const { words } = s.accounts;
  const at = account * ACCOUNT_WORDS + OPEN_ORDERS;
  words[at] = (words[at] as number) + change;
}

/** SPEC 4.7: cancels an order that rests or waits, and with it its OCO partner. */
export function endOrder(s: State, book: Book, order: number, reason: number): void {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  const level = words[order | LEVEL] as number;
  const partner = unlink(s, order);
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].remove(words, order);
  endUnplaced(s, book, order, reason);
  if (!isPendingStop(flags)) reportLevel(s, book, sideOf(flags), level);
  endPartner(s, book, partner);
}

/** Cancels an order that stands on no ladder, or no longer. */
export function endUnplaced(s: State, book: Book, order: number, reason: number): void {
  const { words } = s.orders;
  let canceled = words[order | LEAVES] as number;
  if (order === s.quoteOrder) {
    canceled = 0;
    release(s, book, order, s.quoteReserved);
    s.quoteOrder = 0;
  } else {
    releaseLots(s, book, order, canceled);
  }
  reportCanceled(s, book, order, reason, canceled);
  discharge(s, book, order);
}

export function reportCanceled(
  s: State,
  book: Book,
  order: number,
  reason: number,
  quantity: number,
): void {
  const { words } = s.orders;
  s.events.canceled(
    book.number,
    words[order | ACCOUNT] as number,
    s.orders.idOf(order),
    sideOf(words[order | FLAGS] as number),
    reason,
    quantity,
    words[order | CUM] as number,
  );
}

/** Dissolves the OCO link of an order and returns the former partner, 0 if there was none. */
export function unlink(s: State, order: number): number {
  const { words } = s.orders;
  const partner = words[order | PARTNER] as number;
  if (partner !== 0) {
    words[order | PARTNER] = 0;
    words[partner | PARTNER] = 0;
  }
  return partner;
}

export function endPartner(s: State, book: Book, partner: number): void {
  if (partner !== 0) endOrder(s, book, partner, CancelCode.oco);
}

/** SPEC 6.4: cancels those of `chosen` that are still live, in the one fixed order; returns how many orders ended. */
export function endInFixedOrder(
  s: State,
  chosen: number[],
  reasonOf: (flags: number) => number,
): number {
  const { words } = s.orders;
  const keyOf = (order: number): readonly [number, number, number, number] => {
    const flags = words[order | FLAGS] as number;
    const level = words[order | LEVEL] as number;
    return [bookOf(flags), ladderOf(flags), level, s.orders.priorityOf(order)];
  };
  const sorted = chosen
    .map((order) => ({ order, orderId: s.orders.idOf(order), key: keyOf(order) }))
    .sort((a, b) => compareKeys(a.key, b.key));
  const liveBefore = s.orders.live;
  for (const { order, orderId } of sorted) {
    if (s.orders.find(orderId) === 0) continue; // ended as the OCO partner of an earlier one
    const flags = words[order | FLAGS] as number;
    endOrder(s, s.books[bookOf(flags)] as Book, order, reasonOf(flags));
  }
  return liveBefore - s.orders.live;
}

type Key = readonly [number, number, number, number];
const compareKeys = (a: Key, b: Key): number =>
  a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];

/** Found by a pass over all records: mass cancels are rare, and a list per account would cost every order dear. */
export function ordersOfAccount(s: State, account: number): number[] {
  return s.orders.ordersOf(account, s.accounts.openOrders(account));
}

/** Takes quantity out of what a resting order shows on its level. */
export function takeFromShown(
  book: Book,
  words: Int32Array,
  order: number,
  quantity: number,
): void {
  words[order | VISIBLE] = (words[order | VISIBLE] as number) - quantity;
  const ladder = book.ladders[sideOf(words[order | FLAGS] as number) as 0 | 1];
  ladder.addVolume(words[order | LEVEL] as number, -quantity);
}

/** SPEC 4.3 steps 4 and 5, for a resting order that just traded or was decremented. */
export function finishMaker(s: State, book: Book, order: number): void {
  const partner = tidyLevel(s, book, order);
  if (partner !== 0) endPartner(s, book, partner);
}

/** Step 4 alone: tidies the level and tells it; returns the OCO partner that step 5 has to end. */
export function tidyLevel(s: State, book: Book, order: number): number {
  const { words } = s.orders;
  const side = sideOf(words[order | FLAGS] as number);
  const level = words[order | LEVEL] as number;
  const partner = (words[order | PARTNER] as number) === 0 ? 0 : unlink(s, order);
  if (words[order | LEAVES] === 0) {
    book.ladders[side as 0 | 1].remove(words, order);
    discharge(s, book, order);
  } else if (words[order | VISIBLE] === 0) {
    replenish(s, book, order);
  }
  reportLevel(s, book, side, level);
  return partner;
}
