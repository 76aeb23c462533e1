import { ORDER } from './codes.js';
import { RECORD } from './orders.js';
import type { Book, State } from './state.js';

const { ACCOUNT, LEAVES, NEXT, VISIBLE } = RECORD;
const { BUY, STP_CANCEL_OLDEST, STP_NONE } = ORDER;

/** What a prospective taker would meet. */
export interface Demand {
  readonly side: number;
  readonly bound: number;
  readonly stp: number;
  readonly ownerGroup: number;
}

/** SPEC 4.4: could an order take `wanted` lots at once? Own liquidity does not count. */
export function isFillable(s: State, book: Book, demand: Demand, wanted: number): boolean {
  const { words } = s.orders;
  const opposite = book.ladders[(demand.side ^ 1) as 0 | 1];
  let found = 0;
  for (let level = opposite.best; level >= 0; level = opposite.worseThan(level)) {
    if (demand.side === BUY ? level > demand.bound : level < demand.bound) return false;
    let total = 0;
    let shownAhead = 0;
    let stopsHere = false;
    for (let order = opposite.head(level); order !== 0; order = words[order | NEXT] as number) {
      if (isOwn(s, order, demand)) {
        if (demand.stp === STP_CANCEL_OLDEST) continue;
        stopsHere = true;
        break;
      }
      total += words[order | LEAVES] as number;
      shownAhead += words[order | VISIBLE] as number;
      if (shownAhead >= wanted) return true;
    }
    // Before an own order only what is shown can be taken: hidden lots queue up behind it.
    found += stopsHere ? shownAhead : total;
    if (found >= wanted) return true;
    if (stopsHere) return false;
  }
  return false;
}

function isOwn(s: State, order: number, demand: Demand): boolean {
  const account = s.orders.words[order | ACCOUNT] as number;
  return demand.stp !== STP_NONE && s.accounts.ownerGroup(account) === demand.ownerGroup;
}

/** SPEC 5.15: does anything but own liquidity stand within the bound? */
export function wouldTake(s: State, book: Book, demand: Demand): boolean {
  const { words } = s.orders;
  const opposite = book.ladders[(demand.side ^ 1) as 0 | 1];
  for (let level = opposite.best; level >= 0; level = opposite.worseThan(level)) {
    if (demand.side === BUY ? level > demand.bound : level < demand.bound) return false;
    for (let order = opposite.head(level); order !== 0; order = words[order | NEXT] as number)
      if (!isOwn(s, order, demand)) return true;
  }
  return false;
}
