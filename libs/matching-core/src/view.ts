import {
  ORDER,
  ORDER_TYPES,
  PHASES,
  POST_ONLY,
  SIDES,
  STP_MODES,
  TIMES_IN_FORCE,
} from './codes.js';
import { RECORD } from './orders.js';
import { isPendingStop, postOnlyOf, stpOf, timeInForceOf, typeOf } from './terms.js';
import type { Ladder } from './ladder.js';
import type { Balances, Book, State } from './state.js';
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
import type {
  AccountView,
  BalanceView,
  BookView,
  LevelView,
  OrderView,
  StateView,
  TradeView,
} from './types.js';

const { GTD } = ORDER;

const { ACCOUNT, CUM, DISPLAY, FLAGS, LEAVES, LEVEL, NEXT, PARTNER, RESERVED_PER_LOT, VISIBLE } =
  RECORD;

/** SPEC 10. */
export function viewOf(s: State): StateView {
  const accounts: AccountView[] = [accountView(s, 0)];
  for (let account = 1; account <= s.accounts.capacity; account++)
    if (s.accounts.isConfigured(account)) accounts.push(accountView(s, account));
  return {
    commandSequence: s.commandSequence,
    time: s.time,
    lastOrderId: s.lastOrderId,
    tradeCount: s.tradeCount,
    priorityCount: s.priorityCount,
    openOrders: s.orders.live,
    accounts,
    books: s.configuredBooks().map((book) => bookView(s, book)),
    trades: tradeViews(s),
  };
}

function accountView(s: State, account: number): AccountView {
  const { accounts } = s;
  return {
    account,
    ownerGroup: accounts.ownerGroup(account),
    openOrdersMax: accounts.openOrdersMax(account),
    openOrders: accounts.openOrders(account),
    killed: accounts.isKilled(account),
    feeTier: accounts.feeTier(account),
    cash: balanceView(accounts.cash, account),
    tokens: s
      .configuredBooks()
      .map((book) => ({ book: book.number, ...balanceView(book.tokens, account) })),
  };
}

/** Zeros for an account that there is not. */
export function balanceView(balances: Balances, account: number): BalanceView {
  return { available: balances[2 * account] ?? 0, reserved: balances[2 * account + 1] ?? 0 };
}

function bookView(s: State, book: Book): BookView {
  const [bids, asks, buyStops, sellStops] = book.ladders;
  return {
    book: book.number,
    config: book.config,
    fees: book.fees.listSet(),
    phase: PHASES[book.phase] ?? 'closed',
    staticLow: book.staticLow,
    staticHigh: book.staticHigh,
    dynamicPpm: book.dynamicPpm,
    referencePrice: book.referencePrice,
    lastPrice: book.lastPrice,
    levelSequence: book.levelSequence,
    bids: levelViews(s, bids),
    asks: levelViews(s, asks),
    buyStops: levelViews(s, buyStops),
    sellStops: levelViews(s, sellStops),
  };
}

function levelViews(s: State, ladder: Ladder): LevelView[] {
  const levels: LevelView[] = [];
  for (let price = ladder.lowest(); price >= 0; price = ladder.above(price)) {
    const orders: OrderView[] = [];
    let order = ladder.head(price);
    while (order !== 0) {
      orders.push(orderView(s, order));
      order = s.orders.words[order | NEXT] as number;
    }
    levels.push({ price, quantity: ladder.volume(price), orders });
  }
  return levels;
}

/** A live order by its record. */
export function orderView(s: State, order: number): OrderView {
  const word = (name: number): number => s.orders.words[order | name] as number;
  const flags = word(FLAGS);
  const pending = isPendingStop(flags);
  const partner = word(PARTNER);
  return {
    orderId: s.orders.idOf(order),
    account: word(ACCOUNT),
    type: ORDER_TYPES[typeOf(flags)] ?? 'limit',
    timeInForce: TIMES_IN_FORCE[timeInForceOf(flags)] ?? 'gtc',
    price: pending ? s.orders.stopLimitOf(order) : word(LEVEL),
    quantity: word(CUM) + word(LEAVES),
    cumQuantity: word(CUM),
    leavesQuantity: word(LEAVES),
    visibleQuantity: word(VISIBLE),
    displayQuantity: word(DISPLAY),
    stopPrice: pending ? word(LEVEL) : 0,
    expiresAt: timeInForceOf(flags) === GTD ? s.orders.expiryOf(order) : 0,
    stp: STP_MODES[stpOf(flags)] ?? 'none',
    postOnly: POST_ONLY[postOnlyOf(flags)] ?? 'no',
    ocoPartner: partner === 0 ? 0 : s.orders.idOf(partner),
    reservedPerLot: word(RESERVED_PER_LOT),
    priority: s.orders.priorityOf(order),
  };
}

function tradeViews(s: State): TradeView[] {
  const views: TradeView[] = [];
  const first = Math.max(1, s.tradeCount - s.trades.capacity + 1);
  for (let tradeId = first; tradeId <= s.tradeCount; tradeId++) views.push(tradeView(s, tradeId));
  return views;
}

/** A remembered trade. */
export function tradeView(s: State, tradeId: number): TradeView {
  const at = s.trades.at(tradeId);
  const field = (name: number): number => s.trades.values[at + name] as number;
  return {
    tradeId,
    book: field(TRADE_BOOK),
    price: field(TRADE_PRICE),
    quantity: field(TRADE_QUANTITY),
    takerSide: SIDES[field(TRADE_TAKER_SIDE)] ?? 'buy',
    makerAccount: field(TRADE_MAKER),
    takerAccount: field(TRADE_TAKER),
    makerFee: field(TRADE_MAKER_FEE),
    takerFee: field(TRADE_TAKER_FEE),
    makerFeePpm: field(TRADE_MAKER_PPM),
    takerFeePpm: field(TRADE_TAKER_PPM),
    busted: field(TRADE_BUSTED) === 1,
  };
}
