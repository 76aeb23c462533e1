import type {
  BookConfig,
  OrderType,
  Phase,
  PostOnly,
  Side,
  StpMode,
  TimeInForce,
  TradeView,
} from '../../src/types.js';

/** What the twin keeps. Everything is a plain mutable object; ladders are sorted arrays of levels. */

export interface Account {
  readonly id: number;
  ownerGroup: number;
  openOrdersMax: number;
  openOrders: number;
  killed: boolean;
  feeTier: number;
  /** Per asset: 0 is cash, b the token of book b. An asset never touched is absent. */
  readonly available: Map<number, number>;
  readonly reserved: Map<number, number>;
}

export interface Order {
  readonly orderId: number;
  readonly account: Account;
  readonly book: Book;
  readonly side: Side;
  type: OrderType;
  readonly timeInForce: TimeInForce;
  price: number;
  quantity: number;
  cumQuantity: number;
  leavesQuantity: number;
  visibleQuantity: number;
  readonly displayQuantity: number;
  stopPrice: number;
  readonly expiresAt: number;
  readonly stp: StpMode;
  readonly postOnly: PostOnly;
  ocoPartner: Order | undefined;
  reservedPerLot: number;
  priority: number;
  /** The list it stands in, if any. */
  ladder: Level[] | undefined;
  /** A quote order: market with quoteAmount. */
  readonly isQuote: boolean;
  /** R of SPEC 4.3: quote amount left. */
  quoteLeft: number;
  /** What a quote order holds reserved: cash of a buy, tokens of a sell. */
  quoteReserved: number;
}

export interface Level {
  readonly price: number;
  /** First in first out. */
  readonly orders: Order[];
}

/** Parts per million. */
export type Fees = Pick<BookConfig, 'makerFeePpm' | 'takerFeePpm' | 'auctionFeePpm'>;

export interface Book {
  readonly id: number;
  config: BookConfig;
  /** By tier; a tier that is absent pays what the config says. */
  readonly fees: Map<number, Fees>;
  phase: Phase;
  staticLow: number;
  staticHigh: number;
  dynamicPpm: number;
  referencePrice: number;
  lastPrice: number;
  levelSequence: number;
  /** Ascending by price, all four. */
  readonly bids: Level[];
  readonly asks: Level[];
  readonly buyStops: Level[];
  readonly sellStops: Level[];
}

export type Trade = { -readonly [K in keyof TradeView]: TradeView[K] };

export const MATCHING_PHASES: readonly Phase[] = ['continuous', 'limit_state'];
export const AUCTION_PHASES: readonly Phase[] = [
  'opening_auction',
  'reopening_auction',
  'closing_auction',
];
export const CALL_PHASES: readonly Phase[] = ['pre_open', 'pause', ...AUCTION_PHASES];

export function isMatching(book: Book): boolean {
  return MATCHING_PHASES.includes(book.phase);
}
export function isCall(book: Book): boolean {
  return CALL_PHASES.includes(book.phase);
}

/** SPEC 2.1: what the account of an order pays in its book. */
export function feesOf({ book, account }: Order): Fees {
  return book.fees.get(account.feeTier) ?? book.config;
}

export function restingSide(book: Book, side: Side): Level[] {
  return side === 'buy' ? book.bids : book.asks;
}
export function stopSide(book: Book, side: Side): Level[] {
  return side === 'buy' ? book.buyStops : book.sellStops;
}

/** Best first: highest bid, lowest ask. */
export function bestFirst(book: Book, side: Side): Level[] {
  return side === 'buy' ? [...book.bids].reverse() : book.asks;
}
export function bestLevel(book: Book, side: Side): Level | undefined {
  return side === 'buy' ? book.bids.at(-1) : book.asks[0];
}

/** The level of an order: its stop price while it is a pending stop, otherwise its price. */
export function levelPriceOf(order: Order): number {
  return isPendingStop(order) ? order.stopPrice : order.price;
}
export function isPendingStop(order: Order): boolean {
  return order.type === 'stop' || order.type === 'stop_limit';
}
export function isOnBook(order: Order): boolean {
  return order.ladder === order.book.bids || order.ladder === order.book.asks;
}

export function appendToLadder(ladder: Level[], order: Order): void {
  const price = levelPriceOf(order);
  const index = ladder.findIndex((level) => level.price >= price);
  const found = index < 0 ? undefined : ladder[index];
  if (found !== undefined && found.price === price) found.orders.push(order);
  else ladder.splice(index < 0 ? ladder.length : index, 0, { price, orders: [order] });
  order.ladder = ladder;
}

export function removeFromLadder(order: Order): void {
  const ladder = order.ladder;
  if (ladder === undefined) return;
  const index = ladder.findIndex((level) => level.price === levelPriceOf(order));
  const level = ladder[index];
  if (level === undefined) throw new Error(`order ${order.orderId} is not in its ladder`);
  level.orders.splice(level.orders.indexOf(order), 1);
  if (level.orders.length === 0) ladder.splice(index, 1);
  order.ladder = undefined;
}

/** SPEC 6.4: bids, asks, buyStops, sellStops; level price ascending; first in first out. */
export function ordersInFixedOrder(book: Book): Order[] {
  return [book.bids, book.asks, book.buyStops, book.sellStops].flatMap((ladder) =>
    ladder.flatMap((level) => level.orders),
  );
}

export function displayedOf(order: Order): number {
  return order.displayQuantity > 0
    ? Math.min(order.displayQuantity, order.leavesQuantity)
    : order.leavesQuantity;
}
