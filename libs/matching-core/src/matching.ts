import { ORDER, CancelCode, EventCode, INTEGER_MAX, PhaseCode } from './codes.js';
import {
  discharge,
  endPartner,
  endUnplaced,
  rest,
  takeFromShown,
  finishMaker,
  tidyLevel,
} from './lifecycle.js';
import { FEE_RECORD } from './fee-tiers.js';
import { fee } from './money.js';
import { RECORD } from './orders.js';
import { sideOf, stpOf, timeInForceOf, typeOf } from './terms.js';
import { preventSelfTrade, reportPrevented, decrementResting } from './self-trade.js';
import { affordable } from './quote.js';
import {
  TRADE_BOOK,
  TRADE_PRICE,
  TRADE_QUANTITY,
  TRADE_TAKER_SIDE,
  TRADE_MAKER,
  TRADE_TAKER,
  TRADE_MAKER_FEE,
  TRADE_TAKER_FEE,
  TRADE_MAKER_PPM,
  TRADE_TAKER_PPM,
  TRADE_BUSTED,
} from './trade-history.js';
import type { Book, State } from './state.js';

const { ACCOUNT, CUM, FLAGS, LEAVES, RESERVED_PER_LOT, VISIBLE } = RECORD;
const { AUCTION, MAKER, TAKER } = FEE_RECORD;
const { BUY, FOK, IOC, MARKET, NO_SIDE, SELL, STP_DECREMENT, STP_NONE } = ORDER;

/** How taking came to its end. */
const FILLED = 0;
const NO_LIQUIDITY = 1;
const QUOTE_SPENT = 2;
const ENDED = 3;

/** SPEC 4.2: the worst level a market order may trade at. */
export function marketBound(book: Book, side: number, price: number): number {
  const { config } = book;
  let bound = price;
  if (bound === 0) {
    bound = side === BUY ? config.maxPrice : config.minPrice;
    const touch = book.ladders[(side ^ 1) as 0 | 1].best;
    if (config.protectionTicks > 0 && touch >= 0) {
      bound =
        side === BUY
          ? Math.min(bound, touch + config.protectionTicks)
          : Math.max(bound, touch - config.protectionTicks);
    }
  }
  return side === BUY ? Math.min(bound, book.bandHigh) : Math.max(bound, book.bandLow);
}

/** SPEC 4.3 and 4.6: the order takes what it can within its bound; the rest of it rests or ends. */
export function match(s: State, book: Book, order: number, bound: number): void {
  const flags = s.orders.words[order | FLAGS] as number;
  const outcome = canTake(book, sideOf(flags), bound) ? take(s, book, order, bound) : NO_LIQUIDITY;
  if (outcome === FILLED || outcome === ENDED) return;
  const spent = outcome === QUOTE_SPENT || (order === s.quoteOrder && s.quoteLeft === 0);
  if (typeOf(flags) === MARKET)
    endUnplaced(s, book, order, spent ? CancelCode.quote_spent : CancelCode.no_liquidity);
  else if (timeInForceOf(flags) === IOC || timeInForceOf(flags) === FOK)
    endUnplaced(s, book, order, CancelCode.ioc_remainder);
  else rest(s, book, order);
  if (!spent) enterLimitState(s, book, sideOf(flags), bound);
}

/** SPEC 4.6: unsatisfied interest at the edge of the dynamic band puts the book into the limit state. */
function enterLimitState(s: State, book: Book, side: number, bound: number): void {
  if (book.phase !== PhaseCode.continuous || book.dynamicHigh === INTEGER_MAX) return;
  if (side === BUY ? bound < book.dynamicHigh : bound > book.dynamicLow) return;
  book.enterPhase(PhaseCode.limit_state);
  s.events.emit(EventCode.phase, book.number, PhaseCode.continuous, PhaseCode.limit_state);
}

function canTake(book: Book, side: number, bound: number): boolean {
  const { best } = book.ladders[(side ^ 1) as 0 | 1];
  return best >= 0 && (side === BUY ? best <= bound : best >= bound);
}

/** SPEC 4.3: matches the taker with the head of the best opposite level, again and again. */
function take(s: State, book: Book, taker: number, bound: number): number {
  const { words } = s.orders;
  const flags = words[taker | FLAGS] as number;
  const side = sideOf(flags);
  const opposite = book.ladders[(side ^ 1) as 0 | 1];
  const takerFeePpm = feePpmOf(s, book, taker, TAKER);
  while ((words[taker | LEAVES] as number) > 0) {
    if (!canTake(book, side, bound)) return NO_LIQUIDITY;
    // A level's index is its price in ticks: every trade is at the maker's price.
    const price = opposite.best;
    const maker = opposite.head(price);
    let quantity = Math.min(words[taker | LEAVES] as number, words[maker | VISIBLE] as number);
    if (taker === s.quoteOrder) {
      quantity = Math.min(quantity, affordable(s, book, side, price));
      if (quantity === 0) return QUOTE_SPENT;
    }
    if (stpOf(flags) !== STP_NONE && haveOneOwner(s, maker, taker)) {
      if (preventSelfTrade(s, book, maker, taker, quantity)) return ENDED;
      continue;
    }
    const makerFeePpm = feePpmOf(s, book, maker, MAKER);
    const makerFee = fee(price * quantity, makerFeePpm);
    const takerFee = fee(price * quantity, takerFeePpm);
    if (taker === s.quoteOrder) s.quoteLeft -= price * quantity + (side === BUY ? takerFee : 0);
    settle(
      s,
      book,
      side === BUY ? taker : maker,
      side === BUY ? maker : taker,
      quantity,
      price,
      side === BUY ? takerFee : makerFee,
      side === BUY ? makerFee : takerFee,
    );
    recordTrade(
      s,
      book,
      maker,
      taker,
      quantity,
      price,
      side,
      makerFee,
      takerFee,
      makerFeePpm,
      takerFeePpm,
    );
    finishMaker(s, book, maker);
  }
  // The leaves of a quote order are the lots it can still count.
  if (taker === s.quoteOrder) return QUOTE_SPENT;
  discharge(s, book, taker);
  return FILLED;
}

/** SPEC 2.1: what the tier of an order's account pays at present. */
function feePpmOf(s: State, book: Book, order: number, which: number): number {
  const account = s.orders.words[order | ACCOUNT] as number;
  return book.fees.values[s.accounts.feesAt(account) | which] as number;
}

/** SPEC 4.1, but for the mode. */
function haveOneOwner(s: State, one: number, other: number): boolean {
  const { words } = s.orders;
  return (
    s.accounts.ownerGroup(words[one | ACCOUNT] as number) ===
    s.accounts.ownerGroup(words[other | ACCOUNT] as number)
  );
}

/**
 * SPEC 2.5: delivery versus payment between two orders, out of what each has reserved. Of both assets an account has
 * the available balance at [2 * account] and the reserved one behind it; account 0 is the venue, which gets the fees.
 */
function settle(
  s: State,
  book: Book,
  buyer: number,
  seller: number,
  quantity: number,
  price: number,
  buyerFee: number,
  sellerFee: number,
): void {
  const { words } = s.orders;
  const { cash } = s.accounts;
  const { tokens } = book;
  const buyerAt = 2 * (words[buyer | ACCOUNT] as number);
  const sellerAt = 2 * (words[seller | ACCOUNT] as number);
  const notional = price * quantity;
  const charge = notional + buyerFee;
  const reserved =
    buyer === s.quoteOrder ? charge : quantity * (words[buyer | RESERVED_PER_LOT] as number);
  if (buyer === s.quoteOrder) s.quoteReserved -= charge;
  if (seller === s.quoteOrder) s.quoteReserved -= quantity;
  cash[buyerAt + 1] = (cash[buyerAt + 1] as number) - reserved;
  cash[buyerAt] = (cash[buyerAt] as number) + (reserved - charge);
  tokens[buyerAt] = (tokens[buyerAt] as number) + quantity;
  tokens[sellerAt + 1] = (tokens[sellerAt + 1] as number) - quantity;
  cash[sellerAt] = (cash[sellerAt] as number) + (notional - sellerFee);
  cash[0] = (cash[0] as number) + (buyerFee + sellerFee);
}

/** Books the fill on both orders and tells it. */
function recordTrade(
  s: State,
  book: Book,
  maker: number,
  taker: number,
  quantity: number,
  price: number,
  aggressorSide: number,
  makerFee: number,
  takerFee: number,
  makerFeePpm: number,
  takerFeePpm: number,
): void {
  const { words } = s.orders;
  words[maker | LEAVES] = (words[maker | LEAVES] as number) - quantity;
  words[maker | CUM] = (words[maker | CUM] as number) + quantity;
  words[taker | LEAVES] = (words[taker | LEAVES] as number) - quantity;
  words[taker | CUM] = (words[taker | CUM] as number) + quantity;
  takeFromShown(book, words, maker, quantity);
  book.lastPrice = price;
  const tradeId = ++s.tradeCount;
  s.events.trade(
    tradeId,
    book.number,
    price,
    quantity,
    aggressorSide,
    s.orders.idOf(maker),
    words[maker | ACCOUNT] as number,
    makerFee,
    words[maker | CUM] as number,
    words[maker | LEAVES] as number,
    s.orders.idOf(taker),
    words[taker | ACCOUNT] as number,
    takerFee,
    words[taker | CUM] as number,
    taker === s.quoteOrder ? 0 : (words[taker | LEAVES] as number),
  );
  const { values } = s.trades;
  const at = s.trades.at(tradeId);
  values[at + TRADE_BOOK] = book.number;
  values[at + TRADE_PRICE] = price;
  values[at + TRADE_QUANTITY] = quantity;
  values[at + TRADE_TAKER_SIDE] = aggressorSide > SELL ? BUY : aggressorSide;
  values[at + TRADE_MAKER] = words[maker | ACCOUNT] as number;
  values[at + TRADE_TAKER] = words[taker | ACCOUNT] as number;
  values[at + TRADE_MAKER_FEE] = makerFee;
  values[at + TRADE_TAKER_FEE] = takerFee;
  values[at + TRADE_MAKER_PPM] = makerFeePpm;
  values[at + TRADE_TAKER_PPM] = takerFeePpm;
  values[at + TRADE_BUSTED] = 0;
}

/** SPEC 8.2: one step of an uncross, between the heads of the best bid and the best ask. */
export function cross(s: State, book: Book, bid: number, ask: number, price: number): void {
  const { words } = s.orders;
  const quantity = Math.min(words[bid | VISIBLE] as number, words[ask | VISIBLE] as number);
  const bothAllow =
    stpOf(words[bid | FLAGS] as number) === STP_NONE &&
    stpOf(words[ask | FLAGS] as number) === STP_NONE;
  if (!bothAllow && haveOneOwner(s, bid, ask)) {
    reportPrevented(s, book, ask, bid, quantity, price, STP_DECREMENT);
    decrementResting(s, book, ask, quantity);
    decrementResting(s, book, bid, quantity);
    return;
  }
  const bidFeePpm = feePpmOf(s, book, bid, AUCTION);
  const askFeePpm = feePpmOf(s, book, ask, AUCTION);
  const bidFee = fee(price * quantity, bidFeePpm);
  const askFee = fee(price * quantity, askFeePpm);
  settle(s, book, bid, ask, quantity, price, bidFee, askFee);
  // `recordTrade` does this for the maker, the ask, only: a taker shows nothing.
  takeFromShown(book, words, bid, quantity);
  recordTrade(s, book, ask, bid, quantity, price, NO_SIDE, askFee, bidFee, askFeePpm, bidFeePpm);
  const bidPartner = tidyLevel(s, book, bid);
  const askPartner = tidyLevel(s, book, ask);
  endPartner(s, book, bidPartner);
  endPartner(s, book, askPartner);
}
