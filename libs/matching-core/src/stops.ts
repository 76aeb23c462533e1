import { ORDER, CancelCode, EventCode } from './codes.js';
import { endPartner, endUnplaced, release, unlink } from './lifecycle.js';
import { RECORD } from './orders.js';
import { sideOf, typeOf, withType } from './terms.js';
import { match, marketBound } from './matching.js';
import type { Book, State } from './state.js';

const { ACCOUNT, FLAGS, LEAVES, LEVEL, RESERVED_PER_LOT } = RECORD;
const { BUY, LIMIT, MARKET, STOP } = ORDER;

/** SPEC 4.8: fires pending stops until none is due. */
export function fireStops(s: State, book: Book): void {
  const buyStops = book.ladders[2];
  const sellStops = book.ladders[3];
  if (buyStops.best < 0 && sellStops.best < 0) return;
  if (!book.matching || book.lastPrice === 0) return;
  for (;;) {
    if (buyStops.best >= 0 && buyStops.best <= book.lastPrice)
      fireStop(s, book, buyStops.head(buyStops.best));
    else if (sellStops.best >= book.lastPrice) fireStop(s, book, sellStops.head(sellStops.best));
    else return;
  }
}

function fireStop(s: State, book: Book, order: number): void {
  const { words } = s.orders;
  const flags = words[order | FLAGS] as number;
  const side = sideOf(flags);
  const stopPrice = words[order | LEVEL] as number;
  book.ladders[side === BUY ? 2 : 3].remove(words, order);
  s.events.emit(
    EventCode.triggered,
    book.number,
    words[order | ACCOUNT] as number,
    s.orders.idOf(order),
    side,
    stopPrice,
    book.lastPrice,
    words[order | LEAVES] as number,
  );
  const price = s.orders.stopLimitOf(order);
  const partner = unlink(s, order);
  if (partner !== 0) {
    endPartner(s, book, partner);
    reserveInFull(s, book, order, side, price);
  }
  const isMarket = typeOf(flags) === STOP;
  words[order | FLAGS] = withType(flags, isMarket ? MARKET : LIMIT);
  words[order | LEVEL] = price;
  if (isMarket) match(s, book, order, marketBound(book, side, price));
  else if (side === BUY ? price > book.bandHigh : price < book.bandLow)
    endUnplaced(s, book, order, CancelCode.price_outside_band);
  else match(s, book, order, price);
}

/** The stop leg of an OCO pair takes over what its partner had reserved. */
function reserveInFull(s: State, book: Book, order: number, side: number, price: number): void {
  const { words } = s.orders;
  const full = side === BUY ? book.costPerLot(price === 0 ? book.config.maxPrice : price) : 1;
  const missing = full - (words[order | RESERVED_PER_LOT] as number);
  words[order | RESERVED_PER_LOT] = full;
  release(s, book, order, -missing * (words[order | LEAVES] as number));
}

/** SPEC 4.8 and 4.9: the last steps of every command that may trade. */
export function finishTrading(s: State, book: Book, tradesBefore: number): void {
  fireStops(s, book);
  if (!book.config.referenceFollowsTrades || s.tradeCount === tradesBefore) return;
  book.referencePrice = book.lastPrice;
  book.deriveBands();
}
