import { ORDER, CancelCode } from './codes.js';
import {
  discharge,
  endOrder,
  endUnplaced,
  release,
  releaseLots,
  reportCanceled,
  takeFromShown,
  finishMaker,
} from './lifecycle.js';
import { RECORD } from './orders.js';
import { sideOf, stpOf } from './terms.js';
import { quoteCostPerLot } from './quote.js';
import type { Book, State } from './state.js';

const { ACCOUNT, CUM, FLAGS, LEAVES, LEVEL } = RECORD;
const { BUY, STP_CANCEL_BOTH, STP_CANCEL_OLDEST, STP_DECREMENT } = ORDER;

/** SPEC 4.5. Returns true when the taker ended. */
export function preventSelfTrade(
  s: State,
  book: Book,
  maker: number,
  taker: number,
  quantity: number,
): boolean {
  const { words } = s.orders;
  const mode = stpOf(words[taker | FLAGS] as number);
  const price = words[maker | LEVEL] as number;
  reportPrevented(s, book, maker, taker, quantity, price, mode);
  if (mode === STP_DECREMENT) {
    decrementResting(s, book, maker, quantity);
    return decrementTaker(s, book, taker, quantity, price);
  }
  if (mode === STP_CANCEL_OLDEST || mode === STP_CANCEL_BOTH)
    endOrder(s, book, maker, CancelCode.self_trade);
  if (mode === STP_CANCEL_OLDEST) return false;
  endUnplaced(s, book, taker, CancelCode.self_trade);
  return true;
}

export function reportPrevented(
  s: State,
  book: Book,
  maker: number,
  taker: number,
  quantity: number,
  price: number,
  mode: number,
): void {
  const { words } = s.orders;
  s.events.prevented(
    book.number,
    price,
    quantity,
    s.orders.idOf(maker),
    words[maker | ACCOUNT] as number,
    s.orders.idOf(taker),
    words[taker | ACCOUNT] as number,
    mode,
  );
}

export function decrementResting(s: State, book: Book, order: number, quantity: number): void {
  const { words } = s.orders;
  releaseLots(s, book, order, quantity);
  words[order | LEAVES] = (words[order | LEAVES] as number) - quantity;
  takeFromShown(book, words, order, quantity);
  if (words[order | LEAVES] === 0) reportCanceled(s, book, order, CancelCode.self_trade, quantity);
  else reportRestated(s, book, order);
  finishMaker(s, book, order);
}

function decrementTaker(
  s: State,
  book: Book,
  order: number,
  quantity: number,
  price: number,
): boolean {
  const { words } = s.orders;
  if (order === s.quoteOrder) {
    const side = sideOf(words[order | FLAGS] as number);
    const cost = quantity * quoteCostPerLot(s, book, side, price);
    const freed = side === BUY ? cost : quantity;
    s.quoteLeft -= cost;
    s.quoteReserved -= freed;
    release(s, book, order, freed);
    return false;
  }
  releaseLots(s, book, order, quantity);
  words[order | LEAVES] = (words[order | LEAVES] as number) - quantity;
  if (words[order | LEAVES] !== 0) {
    reportRestated(s, book, order);
    return false;
  }
  reportCanceled(s, book, order, CancelCode.self_trade, quantity);
  discharge(s, book, order);
  return true;
}

function reportRestated(s: State, book: Book, order: number): void {
  const { words } = s.orders;
  s.events.restated(
    book.number,
    words[order | ACCOUNT] as number,
    s.orders.idOf(order),
    sideOf(words[order | FLAGS] as number),
    words[order | CUM] as number,
    words[order | LEAVES] as number,
  );
}
