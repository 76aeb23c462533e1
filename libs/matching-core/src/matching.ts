import { ORDER, CancelCode, EventCode, INTEGER_MAX, PhaseCode } from './codes.js';
import {
  discharge,
  endOrder,
  endPartner,
  endTaker,
  release,
  releaseLots,
  replenish,
  reportCanceled,
  reportLevel,
  rest,
  unlink,
} from './lifecycle.js';
import { fee } from './money.js';
import { RECORD, sideOf, stpOf, timeInForceOf, typeOf, withType } from './orders.js';
import type { Book, State } from './state.js';
import {
  TRADE_BOOK,
  TRADE_BUSTED,
  TRADE_MAKER,
  TRADE_MAKER_FEE,
  TRADE_MAKER_PPM,
  TRADE_PRICE,
  TRADE_QUANTITY,
  TRADE_TAKER,
  TRADE_TAKER_FEE,
  TRADE_TAKER_PPM,
  TRADE_TAKER_SIDE,
} from './trade-history.js';

const {
  ACCOUNT,
  CUM,
  FLAGS,
  LEAVES,
  LEVEL,
  NEXT,
  PARTNER,
  PRICE,
  RESERVED_PER_LOT,
  VISIBLE,
  WORDS,
} = RECORD;
const {
  BUY,
  FOK,
  IOC,
  LIMIT,
  MARKET,
  SELL,
  STOP,
  STP_CANCEL_BOTH,
  STP_CANCEL_OLDEST,
  STP_DECREMENT,
  STP_NONE,
} = ORDER;

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

/** SPEC 4.3 and 4.6: the order in `slot` takes what it can within its bound; the rest of it rests or ends. */
export function execute(s: State, book: Book, slot: number, bound: number): void {
  const outcome = take(s, book, slot, bound);
  if (outcome === FILLED || outcome === ENDED) return;
  const flags = s.orders.words[slot * WORDS + FLAGS] as number;
  const spent = outcome === QUOTE_SPENT || (slot === s.quoteSlot && s.quoteLeft === 0);
  if (typeOf(flags) === MARKET)
    endTaker(s, book, slot, spent ? CancelCode.quote_spent : CancelCode.no_liquidity);
  else if (timeInForceOf(flags) === IOC || timeInForceOf(flags) === FOK)
    endTaker(s, book, slot, CancelCode.ioc_remainder);
  else rest(s, book, slot);
  if (!spent) enterLimitState(s, book, sideOf(flags), bound);
}

/** SPEC 4.6: unsatisfied interest at the edge of the dynamic band puts the book into the limit state. */
function enterLimitState(s: State, book: Book, side: number, bound: number): void {
  if (book.phase !== PhaseCode.continuous || book.dynamicHigh === INTEGER_MAX) return;
  if (side === BUY ? bound < book.dynamicHigh : bound > book.dynamicLow) return;
  book.phase = PhaseCode.limit_state;
  s.events.emit(EventCode.phase, book.number, PhaseCode.continuous, PhaseCode.limit_state);
}

/** SPEC 4.3: matches the taker with the head of the best opposite level, again and again. */
function take(s: State, book: Book, taker: number, bound: number): number {
  const { words } = s.orders;
  const { ownerGroup } = s.accounts;
  const { makerFeePpm, takerFeePpm } = book.config;
  const t = taker * WORDS;
  const flags = words[t + FLAGS] as number;
  const side = sideOf(flags);
  const stp = stpOf(flags);
  const group = ownerGroup[words[t + ACCOUNT] as number];
  const opposite = book.ladders[(side ^ 1) as 0 | 1];
  while ((words[t + LEAVES] as number) > 0) {
    const level = opposite.best;
    if (level < 0 || (side === BUY ? level > bound : level < bound)) return NO_LIQUIDITY;
    const maker = opposite.head(level);
    const m = maker * WORDS;
    let quantity = Math.min(words[t + LEAVES] as number, words[m + VISIBLE] as number);
    if (taker === s.quoteSlot) {
      quantity = Math.min(quantity, affordable(s, book, side, level));
      if (quantity === 0) return QUOTE_SPENT;
    }
    if (stp !== STP_NONE && ownerGroup[words[m + ACCOUNT] as number] === group) {
      if (preventSelfTrade(s, book, maker, taker, quantity)) return ENDED;
      continue;
    }
    const makerFee = fee(level * quantity, makerFeePpm);
    const takerFee = fee(level * quantity, takerFeePpm);
    if (taker === s.quoteSlot) s.quoteLeft -= level * quantity + (side === BUY ? takerFee : 0);
    const buyer = side === BUY ? taker : maker;
    const buyerFee = side === BUY ? takerFee : makerFee;
    settle(
      s,
      book,
      buyer,
      side === BUY ? maker : taker,
      quantity,
      level,
      buyerFee,
      makerFee + takerFee,
    );
    recordTrade(s, book, maker, taker, quantity, level, side, makerFee, takerFee);
    leaveOrReplenish(s, book, maker);
  }
  // A quote order's leaves are only a cap on lots.
  if (taker === s.quoteSlot) return QUOTE_SPENT;
  discharge(s, book, taker);
  return FILLED;
}

/** SPEC 4.3 step 2: lots at this price that the rest of a quote order pays for. */
function affordable(s: State, book: Book, side: number, price: number): number {
  const lots =
    side === BUY
      ? Math.floor(s.quoteLeft / quoteCostPerLot(book, side, price))
      : Math.min(Math.floor(s.quoteLeft / price), s.quoteReserved);
  return lots - (lots % book.config.lotSize);
}

function quoteCostPerLot(book: Book, side: number, price: number): number {
  return side === BUY ? price + fee(price, Math.max(book.config.takerFeePpm, 0)) : price;
}

/** SPEC 2.5: delivery versus payment between two orders, out of what each has reserved. */
function settle(
  s: State,
  book: Book,
  buyer: number,
  seller: number,
  quantity: number,
  price: number,
  buyerFee: number,
  fees: number,
): void {
  const { words } = s.orders;
  const { cash } = s.accounts;
  const { tokens } = book;
  const bought = 2 * (words[buyer * WORDS + ACCOUNT] as number);
  const sold = 2 * (words[seller * WORDS + ACCOUNT] as number);
  const notional = price * quantity;
  const charge = notional + buyerFee;
  const reserved =
    buyer === s.quoteSlot ? charge : quantity * (words[buyer * WORDS + RESERVED_PER_LOT] as number);
  if (buyer === s.quoteSlot) s.quoteReserved -= charge;
  if (seller === s.quoteSlot) s.quoteReserved -= quantity;
  cash[bought + 1] = (cash[bought + 1] as number) - reserved;
  cash[bought] = (cash[bought] as number) + (reserved - charge);
  tokens[bought] = (tokens[bought] as number) + quantity;
  tokens[sold + 1] = (tokens[sold + 1] as number) - quantity;
  cash[sold] = (cash[sold] as number) + (notional - (fees - buyerFee));
  cash[0] = (cash[0] as number) + fees;
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
): void {
  const { words } = s.orders;
  const m = maker * WORDS;
  const t = taker * WORDS;
  words[m + LEAVES] = (words[m + LEAVES] as number) - quantity;
  words[m + CUM] = (words[m + CUM] as number) + quantity;
  words[t + LEAVES] = (words[t + LEAVES] as number) - quantity;
  words[t + CUM] = (words[t + CUM] as number) + quantity;
  hide(book, words, maker, quantity);
  book.lastPrice = price;
  const tradeId = ++s.tradeCount;
  s.events.trade(
    tradeId,
    book.number,
    price,
    quantity,
    aggressorSide,
    s.orders.idOf(maker),
    words[m + ACCOUNT] as number,
    makerFee,
    words[m + CUM] as number,
    words[m + LEAVES] as number,
    s.orders.idOf(taker),
    words[t + ACCOUNT] as number,
    takerFee,
    words[t + CUM] as number,
    taker === s.quoteSlot ? 0 : (words[t + LEAVES] as number),
  );
  const { makerFeePpm, takerFeePpm, auctionFeePpm } = book.config;
  const inAuction = aggressorSide > SELL;
  const { values } = s.trades;
  const at = s.trades.at(tradeId);
  values[at + TRADE_BOOK] = book.number;
  values[at + TRADE_PRICE] = price;
  values[at + TRADE_QUANTITY] = quantity;
  values[at + TRADE_TAKER_SIDE] = inAuction ? BUY : aggressorSide;
  values[at + TRADE_MAKER] = words[m + ACCOUNT] as number;
  values[at + TRADE_TAKER] = words[t + ACCOUNT] as number;
  values[at + TRADE_MAKER_FEE] = makerFee;
  values[at + TRADE_TAKER_FEE] = takerFee;
  values[at + TRADE_MAKER_PPM] = inAuction ? auctionFeePpm : makerFeePpm;
  values[at + TRADE_TAKER_PPM] = inAuction ? auctionFeePpm : takerFeePpm;
  values[at + TRADE_BUSTED] = 0;
}

/** Takes quantity out of what a resting order shows on its level. */
function hide(book: Book, words: Int32Array, slot: number, quantity: number): void {
  const at = slot * WORDS;
  words[at + VISIBLE] = (words[at + VISIBLE] as number) - quantity;
  const ladder = book.ladders[sideOf(words[at + FLAGS] as number) as 0 | 1];
  ladder.addVolume(words[at + LEVEL] as number, -quantity);
}

/** SPEC 4.3 steps 4 and 5, for a resting order that just traded. */
function leaveOrReplenish(s: State, book: Book, slot: number): void {
  const partner = settleOnLevel(s, book, slot);
  if (partner !== 0) endPartner(s, book, partner);
}

/** Step 4 alone: tidies the level and tells it; returns the OCO partner that step 5 has to end. */
function settleOnLevel(s: State, book: Book, slot: number): number {
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

/** SPEC 4.5. Returns true when the taker ended. */
function preventSelfTrade(
  s: State,
  book: Book,
  maker: number,
  taker: number,
  quantity: number,
): boolean {
  const { words } = s.orders;
  const mode = stpOf(words[taker * WORDS + FLAGS] as number);
  const price = words[maker * WORDS + LEVEL] as number;
  reportPrevented(s, book, maker, taker, quantity, price, mode);
  if (mode === STP_DECREMENT) {
    decrementResting(s, book, maker, quantity);
    return decrementTaker(s, book, taker, quantity, price);
  }
  if (mode === STP_CANCEL_OLDEST || mode === STP_CANCEL_BOTH)
    endOrder(s, book, maker, CancelCode.self_trade);
  if (mode === STP_CANCEL_OLDEST) return false;
  endTaker(s, book, taker, CancelCode.self_trade);
  return true;
}

function reportPrevented(
  s: State,
  book: Book,
  maker: number,
  taker: number,
  quantity: number,
  price: number,
  mode: number,
): void {
  const { words } = s.orders;
  s.events.emit(
    EventCode.prevented,
    book.number,
    price,
    quantity,
    s.orders.idOf(maker),
    words[maker * WORDS + ACCOUNT] as number,
    s.orders.idOf(taker),
    words[taker * WORDS + ACCOUNT] as number,
    mode,
  );
}

function decrementResting(s: State, book: Book, slot: number, quantity: number): void {
  const { words } = s.orders;
  releaseLots(s, book, slot, quantity);
  words[slot * WORDS + LEAVES] = (words[slot * WORDS + LEAVES] as number) - quantity;
  hide(book, words, slot, quantity);
  if (words[slot * WORDS + LEAVES] === 0)
    reportCanceled(s, book, slot, CancelCode.self_trade, quantity);
  else reportRestated(s, book, slot);
  leaveOrReplenish(s, book, slot);
}

function decrementTaker(
  s: State,
  book: Book,
  slot: number,
  quantity: number,
  price: number,
): boolean {
  const { words } = s.orders;
  if (slot === s.quoteSlot) {
    const side = sideOf(words[slot * WORDS + FLAGS] as number);
    const cost = quantity * quoteCostPerLot(book, side, price);
    const freed = side === BUY ? cost : quantity;
    s.quoteLeft -= cost;
    s.quoteReserved -= freed;
    release(s, book, slot, freed);
    return false;
  }
  releaseLots(s, book, slot, quantity);
  words[slot * WORDS + LEAVES] = (words[slot * WORDS + LEAVES] as number) - quantity;
  if (words[slot * WORDS + LEAVES] !== 0) {
    reportRestated(s, book, slot);
    return false;
  }
  reportCanceled(s, book, slot, CancelCode.self_trade, quantity);
  discharge(s, book, slot);
  return true;
}

function reportRestated(s: State, book: Book, slot: number): void {
  const { words } = s.orders;
  const cum = words[slot * WORDS + CUM] as number;
  const leaves = words[slot * WORDS + LEAVES] as number;
  s.events.emit(
    EventCode.restated,
    book.number,
    words[slot * WORDS + ACCOUNT] as number,
    s.orders.idOf(slot),
    sideOf(words[slot * WORDS + FLAGS] as number),
    cum + leaves,
    cum,
    leaves,
  );
}

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
    for (let slot = opposite.head(level); slot !== 0; slot = words[slot * WORDS + NEXT] as number) {
      if (isOwn(s, slot, demand)) {
        if (demand.stp === STP_CANCEL_OLDEST) continue;
        stopsHere = true;
        break;
      }
      total += words[slot * WORDS + LEAVES] as number;
      shownAhead += words[slot * WORDS + VISIBLE] as number;
      if (total >= wanted && shownAhead >= wanted) return true;
    }
    // Before an own order only what is shown can be taken: hidden lots queue up behind it.
    found += stopsHere ? shownAhead : total;
    if (found >= wanted) return true;
    if (stopsHere) return false;
  }
  return false;
}

function isOwn(s: State, slot: number, demand: Demand): boolean {
  const account = s.orders.words[slot * WORDS + ACCOUNT] as number;
  return demand.stp !== STP_NONE && s.accounts.ownerGroup[account] === demand.ownerGroup;
}

/** SPEC 5.15: does anything but own liquidity stand within the bound? */
export function wouldTake(s: State, book: Book, demand: Demand): boolean {
  const { words } = s.orders;
  const opposite = book.ladders[(demand.side ^ 1) as 0 | 1];
  for (let level = opposite.best; level >= 0; level = opposite.worseThan(level)) {
    if (demand.side === BUY ? level > demand.bound : level < demand.bound) return false;
    for (let slot = opposite.head(level); slot !== 0; slot = words[slot * WORDS + NEXT] as number)
      if (!isOwn(s, slot, demand)) return true;
  }
  return false;
}

/** SPEC 4.8: fires pending stops until none is due. */
export function fireStops(s: State, book: Book): void {
  if (!book.matching || book.lastPrice === 0) return;
  const [, , buyStops, sellStops] = book.ladders;
  for (;;) {
    if (buyStops.best >= 0 && buyStops.best <= book.lastPrice)
      fireStop(s, book, buyStops.head(buyStops.best));
    else if (sellStops.best >= book.lastPrice) fireStop(s, book, sellStops.head(sellStops.best));
    else return;
  }
}

function fireStop(s: State, book: Book, slot: number): void {
  const { words } = s.orders;
  const at = slot * WORDS;
  const flags = words[at + FLAGS] as number;
  const side = sideOf(flags);
  const stopPrice = words[at + LEVEL] as number;
  book.ladders[side === BUY ? 2 : 3].remove(words, slot);
  s.events.emit(
    EventCode.triggered,
    book.number,
    words[at + ACCOUNT] as number,
    s.orders.idOf(slot),
    side,
    stopPrice,
    book.lastPrice,
    words[at + LEAVES] as number,
  );
  const price = words[at + PRICE] as number;
  const partner = unlink(s, slot);
  if (partner !== 0) {
    endPartner(s, book, partner);
    reserveInFull(s, book, slot, side, price);
  }
  const isMarket = typeOf(flags) === STOP;
  words[at + FLAGS] = withType(flags, isMarket ? MARKET : LIMIT);
  words[at + LEVEL] = price;
  if (isMarket) execute(s, book, slot, marketBound(book, side, price));
  else if (side === BUY ? price > book.bandHigh : price < book.bandLow)
    endTaker(s, book, slot, CancelCode.price_outside_band);
  else execute(s, book, slot, price);
}

/** The stop leg of an OCO pair takes over what its partner had reserved. */
function reserveInFull(s: State, book: Book, slot: number, side: number, price: number): void {
  const { words } = s.orders;
  const at = slot * WORDS;
  const full = side === BUY ? book.costPerLot(price === 0 ? book.config.maxPrice : price) : 1;
  const missing = full - (words[at + RESERVED_PER_LOT] as number);
  words[at + RESERVED_PER_LOT] = full;
  release(s, book, slot, -missing * (words[at + LEAVES] as number));
}

/** SPEC 8.2: one step of an uncross, between the heads of the best bid and the best ask. */
export function cross(s: State, book: Book, bid: number, ask: number, price: number): void {
  const { words } = s.orders;
  const { ownerGroup } = s.accounts;
  const b = bid * WORDS;
  const a = ask * WORDS;
  const quantity = Math.min(words[b + VISIBLE] as number, words[a + VISIBLE] as number);
  const own = ownerGroup[words[b + ACCOUNT] as number] === ownerGroup[words[a + ACCOUNT] as number];
  const bothAllow =
    stpOf(words[b + FLAGS] as number) === STP_NONE &&
    stpOf(words[a + FLAGS] as number) === STP_NONE;
  if (own && !bothAllow) {
    reportPrevented(s, book, ask, bid, quantity, price, STP_DECREMENT);
    decrementResting(s, book, ask, quantity);
    decrementResting(s, book, bid, quantity);
    return;
  }
  const sideFee = fee(price * quantity, book.config.auctionFeePpm);
  settle(s, book, bid, ask, quantity, price, sideFee, 2 * sideFee);
  hide(book, words, bid, quantity);
  recordTrade(s, book, ask, bid, quantity, price, 2, sideFee, sideFee);
  const bidPartner = settleOnLevel(s, book, bid);
  const askPartner = settleOnLevel(s, book, ask);
  endPartner(s, book, bidPartner);
  endPartner(s, book, askPartner);
}
