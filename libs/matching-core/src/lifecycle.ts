import { ORDER, CancelCode } from './codes.js';
import { RECORD } from './orders.js';
import { ACCOUNT_RECORD } from './state.js';
import type { Book, State } from './state.js';
import { bookOf, isPendingStop, ladderOf, sideOf } from './terms.js';

const {
  ACCOUNT,
  CUM,
  DISPLAY,
  DOUBLES,
  FLAGS,
  LEAVES,
  LEVEL,
  PARTNER,
  PRIORITY_DOUBLE,
  RESERVED_PER_LOT,
  VISIBLE,
  WORDS,
} = RECORD;
const { BUY } = ORDER;
const { OPEN_ORDERS } = ACCOUNT_RECORD;
const ACCOUNT_WORDS = ACCOUNT_RECORD.WORDS;

/** What can happen to a live order other than trading: it takes a place, leaves it, gives money back, ends. */

/** Shown quantity of an order that comes to the tail: all of it, or the peak of an iceberg. */
export function shown(words: Int32Array, slot: number): number {
  const leaves = words[slot * WORDS + LEAVES] as number;
  const display = words[slot * WORDS + DISPLAY] as number;
  return display === 0 || display > leaves ? leaves : display;
}

/** Puts the order at the tail of the level in its record. */
export function rest(s: State, book: Book, slot: number): void {
  const { words, doubles } = s.orders;
  const flags = words[slot * WORDS + FLAGS] as number;
  words[slot * WORDS + VISIBLE] = shown(words, slot);
  doubles[slot * DOUBLES + PRIORITY_DOUBLE] = ++s.priorityCount;
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].append(words, slot);
  if (!isPendingStop(flags))
    reportLevel(s, book, sideOf(flags), words[slot * WORDS + LEVEL] as number);
}

/** An iceberg whose peak is used up shows the next one, at the tail. */
export function replenish(s: State, book: Book, slot: number): void {
  const { words, doubles } = s.orders;
  const ladder = book.ladders[sideOf(words[slot * WORDS + FLAGS] as number) as 0 | 1];
  ladder.remove(words, slot);
  words[slot * WORDS + VISIBLE] = shown(words, slot);
  doubles[slot * DOUBLES + PRIORITY_DOUBLE] = ++s.priorityCount;
  ladder.append(words, slot);
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
export function release(s: State, book: Book, slot: number, amount: number): void {
  const { words } = s.orders;
  const account = words[slot * WORDS + ACCOUNT] as number;
  const balances =
    sideOf(words[slot * WORDS + FLAGS] as number) === BUY ? s.accounts.cash : book.tokens;
  balances[2 * account] = (balances[2 * account] as number) + amount;
  balances[2 * account + 1] = (balances[2 * account + 1] as number) - amount;
}

export function releaseLots(s: State, book: Book, slot: number, lots: number): void {
  release(s, book, slot, lots * (s.orders.words[slot * WORDS + RESERVED_PER_LOT] as number));
}

/** Registers a new live order with its account and book. */
export function enroll(s: State, book: Book, orderId: number, account: number): number {
  const slot = s.orders.add(orderId);
  s.orders.words[slot * WORDS + ACCOUNT] = account;
  countOrder(s, account, 1);
  book.openOrders++;
  return slot;
}

/** Forgets an order that stands on no ladder any more. */
export function discharge(s: State, book: Book, slot: number): void {
  countOrder(s, s.orders.words[slot * WORDS + ACCOUNT] as number, -1);
  book.openOrders--;
  s.orders.remove(slot);
}

function countOrder(s: State, account: number, change: number): void {
  const { words } = s.accounts;
  const at = account * ACCOUNT_WORDS + OPEN_ORDERS;
  words[at] = (words[at] as number) + change;
}

/** SPEC 4.7: cancels an order that rests or waits, and with it its OCO partner. */
export function endOrder(s: State, book: Book, slot: number, reason: number): void {
  const { words } = s.orders;
  const flags = words[slot * WORDS + FLAGS] as number;
  const level = words[slot * WORDS + LEVEL] as number;
  const partner = unlink(s, slot);
  book.ladders[ladderOf(flags) as 0 | 1 | 2 | 3].remove(words, slot);
  endTaker(s, book, slot, reason);
  if (!isPendingStop(flags)) reportLevel(s, book, sideOf(flags), level);
  endPartner(s, book, partner);
}

/** Cancels an order that stands on no ladder: the one that takes. */
export function endTaker(s: State, book: Book, slot: number, reason: number): void {
  const { words } = s.orders;
  let canceled = words[slot * WORDS + LEAVES] as number;
  if (slot === s.quoteSlot) {
    canceled = 0;
    release(s, book, slot, s.quoteReserved);
    s.quoteSlot = 0;
  } else {
    releaseLots(s, book, slot, canceled);
  }
  reportCanceled(s, book, slot, reason, canceled);
  discharge(s, book, slot);
}

export function reportCanceled(
  s: State,
  book: Book,
  slot: number,
  reason: number,
  quantity: number,
): void {
  const { words } = s.orders;
  s.events.canceled(
    book.number,
    words[slot * WORDS + ACCOUNT] as number,
    s.orders.idOf(slot),
    sideOf(words[slot * WORDS + FLAGS] as number),
    reason,
    quantity,
    words[slot * WORDS + CUM] as number,
  );
}

/** Dissolves the OCO link of an order and returns the former partner, 0 if there was none. */
export function unlink(s: State, slot: number): number {
  const { words } = s.orders;
  const partner = words[slot * WORDS + PARTNER] as number;
  if (partner !== 0) {
    words[slot * WORDS + PARTNER] = 0;
    words[partner * WORDS + PARTNER] = 0;
  }
  return partner;
}

export function endPartner(s: State, book: Book, partner: number): void {
  if (partner !== 0) endOrder(s, book, partner, CancelCode.oco);
}

/** SPEC 6.4: cancels those of `slots` that are still live, in the one fixed order; returns how many orders ended. */
export function endInFixedOrder(
  s: State,
  slots: number[],
  reasonOf: (flags: number) => number,
): number {
  const { words, doubles } = s.orders;
  const keyOf = (slot: number): readonly [number, number, number, number] => {
    const flags = words[slot * WORDS + FLAGS] as number;
    const level = words[slot * WORDS + LEVEL] as number;
    return [
      bookOf(flags),
      ladderOf(flags),
      level,
      doubles[slot * DOUBLES + PRIORITY_DOUBLE] as number,
    ];
  };
  const sorted = slots
    .map((slot) => ({ slot, orderId: s.orders.idOf(slot), key: keyOf(slot) }))
    .sort((a, b) => compareKeys(a.key, b.key));
  const liveBefore = s.orders.live;
  for (const { slot, orderId } of sorted) {
    if (s.orders.find(orderId) === 0) continue; // ended as the OCO partner of an earlier one
    const flags = words[slot * WORDS + FLAGS] as number;
    endOrder(s, s.books[bookOf(flags)] as Book, slot, reasonOf(flags));
  }
  return liveBefore - s.orders.live;
}

type Key = readonly [number, number, number, number];
const compareKeys = (a: Key, b: Key): number =>
  a[0] - b[0] || a[1] - b[1] || a[2] - b[2] || a[3] - b[3];

/** Found by a pass over all records: mass cancels are rare, and a list per account would cost every order dear. */
export function slotsOfAccount(s: State, account: number): number[] {
  return s.orders.slotsOf(account, s.accounts.openOrders(account));
}

/** Takes quantity out of what a resting order shows on its level. */
export function takeFromShown(book: Book, words: Int32Array, slot: number, quantity: number): void {
  const at = slot * WORDS;
  words[at + VISIBLE] = (words[at + VISIBLE] as number) - quantity;
  const ladder = book.ladders[sideOf(words[at + FLAGS] as number) as 0 | 1];
  ladder.addVolume(words[at + LEVEL] as number, -quantity);
}

/** SPEC 4.3 steps 4 and 5, for a resting order that just traded. */
export function finishMaker(s: State, book: Book, slot: number): void {
  const partner = tidyLevel(s, book, slot);
  if (partner !== 0) endPartner(s, book, partner);
}

/** Step 4 alone: tidies the level and tells it; returns the OCO partner that step 5 has to end. */
export function tidyLevel(s: State, book: Book, slot: number): number {
  const { words } = s.orders;
  const at = slot * WORDS;
  const side = sideOf(words[at + FLAGS] as number);
  const level = words[at + LEVEL] as number;
  const partner = (words[at + PARTNER] as number) === 0 ? 0 : unlink(s, slot);
  if (words[at + LEAVES] === 0) {
    book.ladders[side as 0 | 1].remove(words, slot);
    discharge(s, book, slot);
  } else if (words[at + VISIBLE] === 0) {
    replenish(s, book, slot);
  }
  reportLevel(s, book, side, level);
  return partner;
}
