import type {
  BookConfig,
  CancelReason,
  Cancel,
  ConfigureAccount,
  ConfigureBook,
  Correct,
  Deposit,
  KillSwitch,
  MassCancel,
  RejectReason,
  SetBands,
  SetFees,
  SetPhase,
  SetTime,
  Withdraw,
} from '../../src/types.js';
import { feeOf, SAFE_MAX } from './arithmetic.js';
import { auctionPrice, uncross } from './auction.js';
import { lookUp } from './entry.js';
import { cascadeStops, isCrossedOrHasMarketOrders } from './matching.js';
import {
  AUCTION_PHASES,
  MATCHING_PHASES,
  ordersInFixedOrder,
  type Account,
  type Book,
  type Order,
  type Trade,
} from './model.js';
import { CASH, type Venue } from './venue.js';

/** SPEC sections 6.2, 6.4 to 7 and 9. */
type Refusal = RejectReason | undefined;

const INT_MAX = 2 ** 31 - 1;
const TIERS = Array.from({ length: 16 }, (_, tier) => tier);
const FEES = ['makerFeePpm', 'takerFeePpm', 'auctionFeePpm'] as const;

/** SPEC 3.2: not 0, within capacity and configured. */
function tradingAccount(venue: Venue, id: number): Account | undefined {
  return id === 0 ? undefined : venue.accounts.get(id);
}

// Configuration, 9.1 and 9.2

export function configureBook(venue: Venue, { book: id, config }: ConfigureBook): Refusal {
  if (id === 0 || id > venue.limits.bookCapacity) return 'unknown_book';
  if (!isValidConfig(config, venue.limits.ladderTicks)) return 'config_invalid';
  const book = venue.books.get(id);
  const tiers = [...(book?.fees.values() ?? [])];
  if (tiers.some((fees) => FEES.some((fee) => fees[fee] > config[fee]))) return 'config_invalid';
  if (book !== undefined && ordersInFixedOrder(book).length > 0) {
    const frozen = ['tickSize', 'lotSize', 'minPrice', 'maxPrice', ...FEES] as const;
    if (frozen.some((field) => book.config[field] !== config[field])) return 'book_has_orders';
  }
  if (book !== undefined) book.config = { ...config };
  else venue.books.set(id, emptyBook(id, config));
  venue.emit({ type: 'book_configured', book: id, config: { ...config } });
  return undefined;
}

function isValidConfig(config: BookConfig, ladderTicks: number): boolean {
  const c = config;
  return (
    c.tickSize >= 1 &&
    c.tickSize <= c.maxPrice &&
    c.lotSize >= 1 &&
    c.lotSize <= c.maxQuantity &&
    c.minPrice >= 1 &&
    c.minPrice <= c.maxPrice &&
    c.maxPrice <= ladderTicks - 2 &&
    c.minQuantity >= 1 &&
    c.minQuantity <= c.maxQuantity &&
    c.maxQuantity <= INT_MAX &&
    c.minNotional <= c.maxNotional &&
    c.protectionTicks <= ladderTicks &&
    c.takerFeePpm <= 1_000_000 &&
    c.auctionFeePpm <= 1_000_000 &&
    c.makerFeePpm >= -c.takerFeePpm &&
    c.makerFeePpm <= 1_000_000
  );
}

function emptyBook(id: number, config: BookConfig): Book {
  return {
    id,
    config: { ...config },
    fees: new Map(),
    phase: 'closed',
    staticLow: 0,
    staticHigh: 0,
    dynamicPpm: 0,
    referencePrice: 0,
    lastPrice: 0,
    levelSequence: 0,
    bids: [],
    asks: [],
    buyStops: [],
    sellStops: [],
  };
}

export function configureAccount(venue: Venue, command: ConfigureAccount): Refusal {
  const { account: id, ownerGroup, openOrdersMax, feeTier = 0 } = command;
  if (id === 0 || id > venue.limits.accountCapacity) return 'unknown_account';
  if (ownerGroup === 0 || ownerGroup > INT_MAX || openOrdersMax > INT_MAX)
    return 'amount_out_of_range';
  if (!TIERS.includes(feeTier)) return 'amount_out_of_range';
  const account = venue.accounts.get(id) ?? venue.createAccount(id, ownerGroup, openOrdersMax);
  account.ownerGroup = ownerGroup;
  account.openOrdersMax = openOrdersMax;
  account.feeTier = feeTier;
  venue.emit({ type: 'account_configured', account: id, ownerGroup, openOrdersMax, feeTier });
  return undefined;
}

/** SPEC 9.7: tries the new schedule on every pair of tiers. */
export function setFees(venue: Venue, command: SetFees): Refusal {
  const { book: id, tier, makerFeePpm, takerFeePpm, auctionFeePpm } = command;
  const book = venue.books.get(id);
  if (book === undefined) return 'unknown_book';
  const fees = { makerFeePpm, takerFeePpm, auctionFeePpm };
  if (!TIERS.includes(tier)) return 'fees_invalid';
  if (FEES.some((fee) => fees[fee] > book.config[fee])) return 'fees_invalid';
  const paid = (each: number) => (each === tier ? fees : (book.fees.get(each) ?? book.config));
  for (const maker of TIERS)
    for (const taker of TIERS)
      if (paid(maker).makerFeePpm + paid(taker).takerFeePpm < 0) return 'fees_invalid';
  book.fees.set(tier, fees);
  venue.emit({ type: 'fees_set', book: id, tier, ...fees });
  return undefined;
}

// Money, 9.3 and 9.4

export function deposit(venue: Venue, command: Deposit): Refusal {
  const { account: id, asset, amount } = command;
  const account = venue.accounts.get(id);
  if (account === undefined) return 'unknown_account';
  if (asset > 0 && !venue.books.has(asset)) return 'unknown_book';
  if (amount === 0) return 'amount_out_of_range';
  if (venue.totalOf(asset) + BigInt(amount) > BigInt(SAFE_MAX)) return 'balance_overflow';
  changeBalance(venue, account, asset, amount);
  return undefined;
}

export function withdraw(venue: Venue, command: Withdraw): Refusal {
  const { account: id, asset, amount } = command;
  const account = venue.accounts.get(id);
  if (account === undefined) return 'unknown_account';
  if (asset > 0 && !venue.books.has(asset)) return 'unknown_book';
  if (amount === 0) return 'amount_out_of_range';
  if (amount > venue.availableOf(account, asset))
    return asset === CASH ? 'insufficient_cash' : 'insufficient_tokens';
  changeBalance(venue, account, asset, -amount);
  return undefined;
}

function changeBalance(venue: Venue, account: Account, asset: number, change: number): void {
  venue.addAvailable(account, asset, change);
  const available = venue.availableOf(account, asset);
  venue.emit({ type: 'balance', account: account.id, asset, change, available });
}

// Cancels, 6.2 and 6.4 to 6.6

export function cancel(venue: Venue, command: Cancel): Refusal {
  const order = lookUp(venue, command);
  if (typeof order === 'string') return order;
  if (order.book.phase === 'halt' || order.book.phase === 'closed') return 'phase_refuses_cancel';
  venue.end(order, 'requested');
  return undefined;
}

/** Ends each order that is still live when its turn comes; returns how many ended, partners included. */
function endAll(venue: Venue, orders: readonly Order[], reason: CancelReason): number {
  const liveBefore = venue.orders.size;
  for (const order of orders) if (venue.orders.has(order.orderId)) venue.end(order, reason);
  return liveBefore - venue.orders.size;
}

export function massCancel(venue: Venue, command: MassCancel): Refusal {
  const account = tradingAccount(venue, command.account);
  if (account === undefined) return 'unknown_account';
  if (command.book > 0 && !venue.books.has(command.book)) return 'unknown_book';
  const books = venue.booksAscending().filter((b) => command.book === 0 || b.id === command.book);
  const theirs = books.flatMap(ordersInFixedOrder).filter((order) => order.account === account);
  const orders = endAll(venue, theirs, 'mass_cancel');
  venue.emit({ type: 'mass_canceled', account: account.id, book: command.book, orders });
  return undefined;
}

export function killSwitch(venue: Venue, { account: id, engaged }: KillSwitch): Refusal {
  const account = tradingAccount(venue, id);
  if (account === undefined) return 'unknown_account';
  account.killed = engaged;
  venue.emit({ type: 'kill_switch', account: id, engaged });
  const all = venue.booksAscending().flatMap(ordersInFixedOrder);
  if (engaged)
    endAll(
      venue,
      all.filter((order) => order.account === account),
      'kill_switch',
    );
  return undefined;
}

// Time, phase, bands, indication: section 7

export function setTime(venue: Venue, { time }: SetTime): Refusal {
  if (time <= venue.time) return 'time_not_increasing';
  venue.time = time;
  venue.emit({ type: 'time', time });
  const due = [...venue.orders.values()]
    .filter((order) => order.timeInForce === 'gtd' && order.expiresAt <= time)
    .sort((a, b) => a.expiresAt - b.expiresAt || a.orderId - b.orderId);
  endAll(venue, due, 'expired_time');
  return undefined;
}

export function setPhase(venue: Venue, command: SetPhase): Refusal {
  const book = venue.books.get(command.book);
  if (book === undefined) return 'unknown_book';
  const from = book.phase;
  const to = command.phase;
  if (from === to) return 'phase_unchanged';
  const toMatching = MATCHING_PHASES.includes(to);
  const fromAuction = AUCTION_PHASES.includes(from);
  if (toMatching && !fromAuction && isCrossedOrHasMarketOrders(venue, book)) return 'book_crossed';
  if (fromAuction && (toMatching || to === 'closed')) uncross(venue, book);
  book.phase = to;
  venue.emit({ type: 'phase', book: book.id, from, to });
  if (to === 'closed') endOfDay(venue, book);
  cascadeStops(venue, book);
  return undefined;
}

function endOfDay(venue: Venue, book: Book): void {
  for (const order of ordersInFixedOrder(book)) {
    if (!venue.orders.has(order.orderId)) continue;
    if (order.timeInForce === 'day') venue.end(order, 'expired_day');
    else if (order.type === 'market') venue.end(order, 'auction_remainder');
  }
}

export function setBands(venue: Venue, command: SetBands): Refusal {
  const book = venue.books.get(command.book);
  if (book === undefined) return 'unknown_book';
  const { staticLow, staticHigh, dynamicPpm, referencePrice } = command;
  const priceMax = venue.limits.ladderTicks - 2;
  if (staticHigh > 0 && staticLow > staticHigh) return 'bands_invalid';
  if (Math.max(staticLow, staticHigh, referencePrice) > priceMax) return 'bands_invalid';
  if (referencePrice % book.config.tickSize !== 0) return 'bands_invalid';
  if (dynamicPpm > 1_000_000) return 'bands_invalid';
  book.staticLow = staticLow;
  book.staticHigh = staticHigh;
  book.dynamicPpm = dynamicPpm;
  if (referencePrice > 0) book.referencePrice = referencePrice;
  venue.emit({
    type: 'bands',
    book: book.id,
    staticLow,
    staticHigh,
    dynamicPpm,
    referencePrice: book.referencePrice,
  });
  return undefined;
}

export function indicate(venue: Venue, bookId: number): Refusal {
  const book = venue.books.get(bookId);
  if (book === undefined) return 'unknown_book';
  if (!AUCTION_PHASES.includes(book.phase)) return 'phase_not_auction';
  const { price, volume, imbalance } = auctionPrice(venue, book);
  venue.emit({ type: 'auction', book: book.id, final: false, price, volume, imbalance });
  return undefined;
}

// Corrections of trades, 9.5 and 9.6

/** The two sides of a remembered trade. */
function sidesOf(venue: Venue, trade: Trade) {
  const maker = venue.accounts.get(trade.makerAccount);
  const taker = venue.accounts.get(trade.takerAccount);
  if (maker === undefined || taker === undefined) throw new Error('a trade has two accounts');
  return trade.takerSide === 'buy'
    ? { buyer: taker, buyerFee: trade.takerFee, seller: maker, sellerFee: trade.makerFee }
    : { buyer: maker, buyerFee: trade.makerFee, seller: taker, sellerFee: trade.takerFee };
}

function rememberedTrade(venue: Venue, tradeId: number): Trade | RejectReason {
  const trade = venue.trades.find((candidate) => candidate.tradeId === tradeId);
  if (trade === undefined) return 'unknown_trade';
  return trade.busted ? 'trade_already_busted' : trade;
}

export function bust(venue: Venue, tradeId: number): Refusal {
  const trade = rememberedTrade(venue, tradeId);
  if (typeof trade === 'string') return trade;
  const { book, price, quantity, makerAccount, takerAccount, makerFee, takerFee } = trade;
  const { buyer, buyerFee, seller, sellerFee } = sidesOf(venue, trade);
  const notional = price * quantity;
  const fees = makerFee + takerFee;
  if (venue.availableOf(buyer, book) < quantity) return 'insufficient_tokens';
  if (venue.availableOf(seller, CASH) < notional - sellerFee) return 'insufficient_cash';
  if (venue.availableOf(venue.venueAccount(), CASH) < fees) return 'insufficient_cash';
  venue.addAvailable(buyer, book, -quantity);
  venue.addAvailable(buyer, CASH, notional + buyerFee);
  venue.addAvailable(seller, book, quantity);
  venue.addAvailable(seller, CASH, sellerFee - notional);
  venue.addAvailable(venue.venueAccount(), CASH, -fees);
  trade.busted = true;
  const accounts = { makerAccount, takerAccount, makerFee, takerFee };
  venue.emit({ type: 'trade_busted', tradeId, book, price, quantity, ...accounts });
  return undefined;
}

export function correct(venue: Venue, { tradeId, price }: Correct): Refusal {
  const trade = rememberedTrade(venue, tradeId);
  if (typeof trade === 'string') return trade;
  const book = venue.books.get(trade.book);
  if (book === undefined) throw new Error('a trade has a book');
  if (price < book.config.minPrice || price > book.config.maxPrice) return 'price_out_of_range';
  if (price % book.config.tickSize !== 0) return 'price_not_on_tick';

  const notional = price * trade.quantity;
  const next: Trade = {
    ...trade,
    price,
    makerFee: feeOf(notional, trade.makerFeePpm),
    takerFee: feeOf(notional, trade.takerFeePpm),
  };
  const before = sidesOf(venue, trade);
  const after = sidesOf(venue, next);
  const oldNotional = trade.price * trade.quantity;
  const changes = [
    { account: before.buyer, change: oldNotional + before.buyerFee - notional - after.buyerFee },
    { account: before.seller, change: notional - after.sellerFee - oldNotional + before.sellerFee },
    {
      account: venue.venueAccount(),
      change: next.makerFee + next.takerFee - trade.makerFee - trade.takerFee,
    },
  ];
  if (changes.some(({ account, change }) => venue.availableOf(account, CASH) + change < 0))
    return 'insufficient_cash';
  for (const { account, change } of changes) venue.addAvailable(account, CASH, change);
  const previousPrice = trade.price;
  Object.assign(trade, next);
  const { quantity, makerAccount, takerAccount, makerFee, takerFee } = next;
  const accounts = { makerAccount, takerAccount, makerFee, takerFee };
  venue.emit({
    type: 'trade_corrected',
    tradeId,
    book: trade.book,
    previousPrice,
    price,
    quantity,
    ...accounts,
  });
  return undefined;
}
