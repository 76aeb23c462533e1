import { uncross, isCrossed, restingOrders } from './auction.js';
import {
  ORDER,
  ACCEPTED,
  CancelCode,
  EventCode,
  INTEGER_MAX,
  PhaseCode,
  QUANTITY_MAX,
  Reject,
  isAuction,
  isMatching,
} from './codes.js';
import { FEE_TIERS, isWithinCaps } from './fee-tiers.js';
import { CONFIG_FIELDS } from './fields.js';
import { endInFixedOrder, endOrder, ordersOfAccount } from './lifecycle.js';
import { fee } from './money.js';
import { finishTrading } from './stops.js';
import { RECORD } from './orders.js';
import { bookOf, timeInForceOf, typeOf } from './terms.js';
import { Book } from './state.js';
import type { Balances, State } from './state.js';
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
import type { BookConfig } from './types.js';

const { BUY, DAY, MARKET } = ORDER;

const { FLAGS } = RECORD;

/** SPEC 6.5. */
export function massCancel(s: State): number {
  const account = s.command[1] as number;
  const bookNumber = s.command[2] as number;
  if (!s.accounts.isConfigured(account)) return Reject.unknown_account;
  if (bookNumber > 0 && s.books[bookNumber] === undefined) return Reject.unknown_book;
  const chosen = ordersOfAccount(s, account).filter(
    (order) => bookNumber === 0 || bookOf(s.orders.words[order | FLAGS] as number) === bookNumber,
  );
  const ended = endInFixedOrder(s, chosen, () => CancelCode.mass_cancel);
  s.events.emit(EventCode.mass_canceled, account, bookNumber, ended);
  return ACCEPTED;
}

/** SPEC 6.6. */
export function killSwitch(s: State): number {
  const account = s.command[1] as number;
  const engaged = s.command[2] as number;
  if (!s.accounts.isConfigured(account)) return Reject.unknown_account;
  s.accounts.setKilled(account, engaged);
  s.events.emit(EventCode.kill_switch, account, engaged);
  if (engaged === 1) endInFixedOrder(s, ordersOfAccount(s, account), () => CancelCode.kill_switch);
  return ACCEPTED;
}

/** SPEC 7.1. */
export function setTime(s: State): number {
  const time = s.command[1] as number;
  if (time <= s.time) return Reject.time_not_increasing;
  s.time = time;
  s.events.emit(EventCode.time, time);
  for (;;) {
    const orderId = s.expiries.takeDue(time);
    if (orderId === 0) return ACCEPTED;
    const order = s.orders.find(orderId);
    if (order === 0) continue;
    const book = s.books[bookOf(s.orders.words[order | FLAGS] as number)] as Book;
    endOrder(s, book, order, CancelCode.expired_time);
  }
}

/** SPEC 7.2. */
export function setPhase(s: State): number {
  const book = s.books[s.command[1] as number];
  const target = s.command[2] as number;
  if (book === undefined) return Reject.unknown_book;
  const from = book.phase;
  if (from === target) return Reject.phase_unchanged;
  if (isMatching(target) && !isAuction(from) && isCrossed(s, book)) return Reject.book_crossed;
  const trades = s.tradeCount;
  if (isAuction(from) && (isMatching(target) || target === PhaseCode.closed)) uncross(s, book);
  book.enterPhase(target);
  s.events.emit(EventCode.phase, book.number, from, target);
  if (target === PhaseCode.closed) endDay(s, book);
  finishTrading(s, book, trades);
  return ACCEPTED;
}

function endDay(s: State, book: Book): void {
  const { words } = s.orders;
  const isOver = (flags: number): boolean =>
    timeInForceOf(flags) === DAY || typeOf(flags) === MARKET;
  const chosen = restingOrders(s, book).filter((order) => isOver(words[order | FLAGS] as number));
  endInFixedOrder(s, chosen, (flags) =>
    typeOf(flags) === MARKET ? CancelCode.auction_remainder : CancelCode.expired_day,
  );
}

/** SPEC 7.3. */
export function setBands(s: State): number {
  const c = s.command;
  const book = s.books[c[1] as number];
  const staticLow = c[2] as number;
  const staticHigh = c[3] as number;
  const dynamicPpm = c[4] as number;
  const reference = c[5] as number;
  if (book === undefined) return Reject.unknown_book;
  const priceMax = s.limits.ladderTicks - 2;
  if (staticHigh > 0 && staticLow > staticHigh) return Reject.bands_invalid;
  if (staticLow > priceMax || staticHigh > priceMax || reference > priceMax)
    return Reject.bands_invalid;
  if (reference % book.config.tickSize !== 0 || dynamicPpm > 1_000_000) return Reject.bands_invalid;
  book.staticLow = staticLow;
  book.staticHigh = staticHigh;
  book.dynamicPpm = dynamicPpm;
  if (reference > 0) book.referencePrice = reference;
  book.deriveBands();
  s.events.emit(
    EventCode.bands,
    book.number,
    staticLow,
    staticHigh,
    dynamicPpm,
    book.referencePrice,
  );
  return ACCEPTED;
}

/** SPEC 9.1. */
export function configureBook(s: State): number {
  const number = s.command[1] as number;
  if (number === 0 || number > s.limits.bookCapacity) return Reject.unknown_book;
  const config = Object.fromEntries(
    CONFIG_FIELDS.map((field, index) => {
      const value = s.command[index + 2] as number;
      return [field.name, field.names ? value === 1 : value];
    }),
  ) as unknown as BookConfig;
  if (!isValidConfig(s, config)) return Reject.config_invalid;
  const book = s.books[number];
  if (book === undefined) {
    s.books[number] = new Book(number, config, s.limits);
  } else {
    if (!book.fees.listSet().every((fees) => isWithinCaps(fees, config)))
      return Reject.config_invalid;
    if (book.openOrders > 0 && changesMoneyRules(book.config, config))
      return Reject.book_has_orders;
    book.configure(config);
  }
  s.events.emit(EventCode.book_configured, ...s.command.subarray(1, CONFIG_FIELDS.length + 2));
  return ACCEPTED;
}

function isValidConfig(s: State, c: BookConfig): boolean {
  const feeMax = 1_000_000;
  return (
    c.tickSize >= 1 &&
    c.tickSize <= c.maxPrice &&
    c.lotSize >= 1 &&
    c.lotSize <= c.maxQuantity &&
    c.minPrice >= 1 &&
    c.minPrice <= c.maxPrice &&
    c.maxPrice <= s.limits.ladderTicks - 2 &&
    c.minQuantity >= 1 &&
    c.minQuantity <= c.maxQuantity &&
    c.maxQuantity <= QUANTITY_MAX &&
    c.minNotional <= c.maxNotional &&
    c.protectionTicks <= s.limits.ladderTicks &&
    c.takerFeePpm <= feeMax &&
    c.auctionFeePpm <= feeMax &&
    c.makerFeePpm <= feeMax &&
    c.makerFeePpm >= -c.takerFeePpm
  );
}

/** Live orders stand on the old grid and reserved at the old fees. */
function changesMoneyRules(a: BookConfig, b: BookConfig): boolean {
  return (
    a.tickSize !== b.tickSize ||
    a.lotSize !== b.lotSize ||
    a.minPrice !== b.minPrice ||
    a.maxPrice !== b.maxPrice ||
    a.makerFeePpm !== b.makerFeePpm ||
    a.takerFeePpm !== b.takerFeePpm ||
    a.auctionFeePpm !== b.auctionFeePpm
  );
}

/** SPEC 9.2. */
export function configureAccount(s: State): number {
  const account = s.command[1] as number;
  const ownerGroup = s.command[2] as number;
  const openOrdersMax = s.command[3] as number;
  const feeTier = s.command[4] as number;
  if (account === 0 || account > s.accounts.capacity) return Reject.unknown_account;
  if (ownerGroup === 0 || ownerGroup > QUANTITY_MAX || openOrdersMax > QUANTITY_MAX)
    return Reject.amount_out_of_range;
  if (feeTier >= FEE_TIERS) return Reject.amount_out_of_range;
  s.accounts.configure(account, ownerGroup, openOrdersMax, feeTier);
  s.events.emit(EventCode.account_configured, account, ownerGroup, openOrdersMax, feeTier);
  return ACCEPTED;
}

/** SPEC 9.7. */
export function setFees(s: State): number {
  const [, number = 0, tier = 0, makerFeePpm = 0, takerFeePpm = 0, auctionFeePpm = 0] = s.command;
  const book = s.books[number];
  if (book === undefined) return Reject.unknown_book;
  const fees = { tier, makerFeePpm, takerFeePpm, auctionFeePpm };
  if (tier >= FEE_TIERS || !isWithinCaps(fees, book.config) || !book.fees.isCovered(fees))
    return Reject.fees_invalid;
  book.fees.set(fees);
  s.events.emit(EventCode.fees_set, number, tier, makerFeePpm, takerFeePpm, auctionFeePpm);
  return ACCEPTED;
}

/** SPEC 9.3. */
export function deposit(s: State): number {
  const reason = checkTransfer(s);
  if (reason !== ACCEPTED) return reason;
  const amount = s.command[3] as number;
  const asset = s.command[2] as number;
  const book = s.books[asset];
  const supply = asset === 0 ? s.accounts.cashSupply : (book as Book).tokenSupply;
  if (supply > INTEGER_MAX - amount) return Reject.balance_overflow;
  transfer(s, amount);
  return ACCEPTED;
}

/** SPEC 9.4. */
export function withdraw(s: State): number {
  const reason = checkTransfer(s);
  if (reason !== ACCEPTED) return reason;
  const account = s.command[1] as number;
  const asset = s.command[2] as number;
  const amount = s.command[3] as number;
  if (amount > (balancesOf(s, asset)[2 * account] as number))
    return asset === 0 ? Reject.insufficient_cash : Reject.insufficient_tokens;
  transfer(s, -amount);
  return ACCEPTED;
}

function checkTransfer(s: State): number {
  const account = s.command[1] as number;
  const asset = s.command[2] as number;
  if (account !== 0 && !s.accounts.isConfigured(account)) return Reject.unknown_account;
  if (asset > 0 && s.books[asset] === undefined) return Reject.unknown_book;
  return s.command[3] === 0 ? Reject.amount_out_of_range : ACCEPTED;
}

function balancesOf(s: State, asset: number): Balances {
  return asset === 0 ? s.accounts.cash : (s.books[asset] as Book).tokens;
}

function transfer(s: State, change: number): void {
  const account = s.command[1] as number;
  const asset = s.command[2] as number;
  const balances = balancesOf(s, asset);
  balances[2 * account] = (balances[2 * account] as number) + change;
  if (asset === 0) s.accounts.cashSupply += change;
  else (s.books[asset] as Book).tokenSupply += change;
  s.events.emit(EventCode.balance, account, asset, change, balances[2 * account] as number);
}

/** SPEC 9.5. */
export function bust(s: State): number {
  const tradeId = s.command[1] as number;
  if (!s.trades.remembers(tradeId, s.tradeCount)) return Reject.unknown_trade;
  const { values } = s.trades;
  const at = s.trades.at(tradeId);
  if (values[at + TRADE_BUSTED] !== 0) return Reject.trade_already_busted;
  const { book, quantity, notional, buyer, seller, buyerFee, sellerFee } = tradeAt(s, at);
  const { cash } = s.accounts;
  const fees = buyerFee + sellerFee;
  if ((book.tokens[2 * buyer] as number) < quantity) return Reject.insufficient_tokens;
  if ((cash[2 * seller] as number) < notional - sellerFee) return Reject.insufficient_cash;
  if ((cash[0] as number) < fees) return Reject.insufficient_cash;
  values[at + TRADE_BUSTED] = 1;
  add(book.tokens, buyer, -quantity);
  add(book.tokens, seller, quantity);
  add(cash, buyer, notional + buyerFee);
  add(cash, seller, sellerFee - notional);
  add(cash, 0, -fees);
  s.events.emit(
    EventCode.trade_busted,
    tradeId,
    book.number,
    values[at + TRADE_PRICE] as number,
    quantity,
    values[at + TRADE_MAKER] as number,
    values[at + TRADE_TAKER] as number,
    values[at + TRADE_MAKER_FEE] as number,
    values[at + TRADE_TAKER_FEE] as number,
  );
  return ACCEPTED;
}

/** SPEC 9.6. */
export function correct(s: State): number {
  const tradeId = s.command[1] as number;
  const price = s.command[2] as number;
  if (!s.trades.remembers(tradeId, s.tradeCount)) return Reject.unknown_trade;
  const { values } = s.trades;
  const at = s.trades.at(tradeId);
  if (values[at + TRADE_BUSTED] !== 0) return Reject.trade_already_busted;
  const { book, quantity, notional, buyer, seller, buyerFee, sellerFee, takerBuys } = tradeAt(
    s,
    at,
  );
  const { config } = book;
  if (price < config.minPrice || price > config.maxPrice) return Reject.price_out_of_range;
  if (price % config.tickSize !== 0) return Reject.price_not_on_tick;
  const makerFee = fee(price * quantity, values[at + TRADE_MAKER_PPM] as number);
  const takerFee = fee(price * quantity, values[at + TRADE_TAKER_PPM] as number);
  const newBuyerFee = takerBuys ? takerFee : makerFee;
  const newSellerFee = takerBuys ? makerFee : takerFee;
  const { cash } = s.accounts;
  const buyerChange = notional + buyerFee - (price * quantity + newBuyerFee);
  const sellerChange = price * quantity - newSellerFee - (notional - sellerFee);
  const venueChange = makerFee + takerFee - (buyerFee + sellerFee);
  if ((cash[2 * buyer] as number) + buyerChange < 0) return Reject.insufficient_cash;
  if ((cash[2 * seller] as number) + sellerChange < 0) return Reject.insufficient_cash;
  if ((cash[0] as number) + venueChange < 0) return Reject.insufficient_cash;
  add(cash, buyer, buyerChange);
  add(cash, seller, sellerChange);
  add(cash, 0, venueChange);
  const previousPrice = values[at + TRADE_PRICE] as number;
  values[at + TRADE_PRICE] = price;
  values[at + TRADE_MAKER_FEE] = makerFee;
  values[at + TRADE_TAKER_FEE] = takerFee;
  s.events.emit(
    EventCode.trade_corrected,
    tradeId,
    book.number,
    previousPrice,
    price,
    quantity,
    values[at + TRADE_MAKER] as number,
    values[at + TRADE_TAKER] as number,
    makerFee,
    takerFee,
  );
  return ACCEPTED;
}

function add(balances: Balances, account: number, change: number): void {
  balances[2 * account] = (balances[2 * account] as number) + change;
}

/** A remembered trade from the point of view of buyer and seller. */
function tradeAt(s: State, at: number) {
  const { values } = s.trades;
  const takerBuys = values[at + TRADE_TAKER_SIDE] === BUY;
  const maker = values[at + TRADE_MAKER] as number;
  const taker = values[at + TRADE_TAKER] as number;
  const makerFee = values[at + TRADE_MAKER_FEE] as number;
  const takerFee = values[at + TRADE_TAKER_FEE] as number;
  const quantity = values[at + TRADE_QUANTITY] as number;
  return {
    book: s.books[values[at + TRADE_BOOK] as number] as Book,
    quantity,
    notional: (values[at + TRADE_PRICE] as number) * quantity,
    buyer: takerBuys ? taker : maker,
    seller: takerBuys ? maker : taker,
    buyerFee: takerBuys ? takerFee : makerFee,
    sellerFee: takerBuys ? makerFee : takerFee,
    takerBuys,
  };
}
