import type { CancelReason, EngineLimits, MatchingEvent, Side } from '../../src/types.js';
import { ceilPpm, feeOf, floorPpm, SAFE_MAX } from './arithmetic.js';
import {
  appendToLadder,
  bestLevel,
  displayedOf,
  isMatching,
  isOnBook,
  removeFromLadder,
  restingSide,
  type Account,
  type Book,
  type Order,
  type Trade,
} from './model.js';

export const CASH = 0;

/** The whole state and the small steps of which every command is made. */
export class Venue {
  commandSequence = 0;
  time = 0;
  lastOrderId = 0;
  tradeCount = 0;
  priorityCount = 0;
  readonly accounts = new Map<number, Account>();
  readonly books = new Map<number, Book>();
  readonly orders = new Map<number, Order>();
  trades: Trade[] = [];
  /** Events of the command being applied. */
  events: MatchingEvent[] = [];

  constructor(readonly limits: EngineLimits) {
    this.createAccount(0, 0, 0);
  }

  createAccount(id: number, ownerGroup: number, openOrdersMax: number): Account {
    const account: Account = {
      id,
      ownerGroup,
      openOrdersMax,
      openOrders: 0,
      killed: false,
      feeTier: 0,
      available: new Map(),
      reserved: new Map(),
    };
    this.accounts.set(id, account);
    return account;
  }

  emit(event: MatchingEvent): void {
    this.events.push(event);
  }

  /** SPEC 4.3 step 4 and 4.7: displayed quantity and order count of a level of bids or asks. */
  emitLevel(book: Book, side: Side, price: number): void {
    const level = restingSide(book, side).find((candidate) => candidate.price === price);
    const orders = level?.orders ?? [];
    book.levelSequence += 1;
    this.emit({
      type: 'level',
      book: book.id,
      side,
      price,
      quantity: orders.reduce((sum, order) => sum + order.visibleQuantity, 0),
      orders: orders.length,
      sequence: book.levelSequence,
    });
  }

  // Balances

  availableOf(account: Account, asset: number): number {
    return account.available.get(asset) ?? 0;
  }
  addAvailable(account: Account, asset: number, change: number): void {
    account.available.set(asset, this.availableOf(account, asset) + change);
  }
  addReserved(account: Account, asset: number, change: number): void {
    account.reserved.set(asset, (account.reserved.get(asset) ?? 0) + change);
  }
  totalOf(asset: number): bigint {
    let total = 0n;
    for (const account of this.accounts.values())
      total += BigInt((account.available.get(asset) ?? 0) + (account.reserved.get(asset) ?? 0));
    return total;
  }
  venueAccount(): Account {
    const account = this.accounts.get(0);
    if (account === undefined) throw new Error('account 0 always exists');
    return account;
  }

  /** The asset that backs an order: cash of a buy, tokens of a sell. */
  assetOf(order: Order): number {
    return order.side === 'buy' ? CASH : order.book.id;
  }
  reserve(order: Order, amount: number): void {
    this.addAvailable(order.account, this.assetOf(order), -amount);
    this.addReserved(order.account, this.assetOf(order), amount);
  }

  /** SPEC 2.2 */
  perLot(book: Book, price: number): number {
    const { makerFeePpm, takerFeePpm, auctionFeePpm } = book.config;
    return price + ceilPpm(price, Math.max(makerFeePpm, takerFeePpm, auctionFeePpm, 0));
  }

  /** SPEC 2.3: full value, before the discount of an OCO stop. */
  fullReservationPerLot(order: {
    readonly book: Book;
    readonly side: Side;
    readonly type: Order['type'];
    readonly price: number;
  }): number {
    const { book, side, type, price } = order;
    if (side === 'sell') return 1;
    if (type === 'limit' || type === 'stop_limit') return this.perLot(book, price);
    if (type === 'market' && isMatching(book)) return this.perLot(book, this.boundOf(order));
    return this.perLot(book, price > 0 ? price : book.config.maxPrice);
  }

  // Bands and bound, SPEC 4.2

  dynamicBand(book: Book): { readonly low: number; readonly high: number } | undefined {
    if (book.dynamicPpm === 0 || book.referencePrice === 0) return undefined;
    const half = floorPpm(book.referencePrice, book.dynamicPpm);
    return { low: Math.max(1, book.referencePrice - half), high: book.referencePrice + half };
  }
  bandLow(book: Book): number {
    return Math.max(book.staticLow, this.dynamicBand(book)?.low ?? 0);
  }
  bandHigh(book: Book): number {
    const staticHigh = book.staticHigh === 0 ? SAFE_MAX : book.staticHigh;
    return Math.min(staticHigh, this.dynamicBand(book)?.high ?? SAFE_MAX);
  }
  isOutsideBand(book: Book, side: Side, price: number): boolean {
    return side === 'buy' ? price > this.bandHigh(book) : price < this.bandLow(book);
  }

  boundOf(order: {
    readonly book: Book;
    readonly side: Side;
    readonly type: Order['type'];
    readonly price: number;
  }): number {
    const { book, side, type, price } = order;
    if (type === 'limit') return price;
    const { protectionTicks, minPrice, maxPrice } = book.config;
    const best = bestLevel(book, side === 'buy' ? 'sell' : 'buy');
    let bound = side === 'buy' ? maxPrice : minPrice;
    if (price > 0) bound = price;
    else if (protectionTicks > 0 && best !== undefined) {
      const furthest = best.price + (side === 'buy' ? protectionTicks : -protectionTicks);
      bound = Math.max(minPrice, Math.min(maxPrice, furthest));
    }
    return side === 'buy'
      ? Math.min(bound, this.bandHigh(book))
      : Math.max(bound, this.bandLow(book));
  }

  // Life of an order

  nextPriority(): number {
    this.priorityCount += 1;
    return this.priorityCount;
  }

  putAtTail(ladder: Book['bids'], order: Order): void {
    order.priority = this.nextPriority();
    appendToLadder(ladder, order);
  }

  /** Rests on bids or asks; SPEC 5: a market order without a price at the end of the ladder. */
  rest(order: Order): void {
    if (order.type === 'market' && order.price === 0)
      order.price = order.side === 'buy' ? this.limits.ladderTicks - 1 : 0;
    order.visibleQuantity = displayedOf(order);
    this.putAtTail(restingSide(order.book, order.side), order);
    this.emitLevel(order.book, order.side, order.price);
  }

  /** SPEC 4.3 step 4. */
  settleMaker(maker: Order): void {
    if (maker.leavesQuantity === 0) this.forget(maker);
    else this.replenish(maker);
    this.emitLevel(maker.book, maker.side, maker.price);
  }

  replenish(order: Order): void {
    if (order.visibleQuantity > 0) return;
    const ladder = order.ladder;
    if (ladder === undefined) throw new Error(`order ${order.orderId} does not rest`);
    removeFromLadder(order);
    order.visibleQuantity = displayedOf(order);
    this.putAtTail(ladder, order);
  }

  /** The order is live no more. */
  forget(order: Order): void {
    removeFromLadder(order);
    this.orders.delete(order.orderId);
    order.account.openOrders -= 1;
  }

  /** Takes `lots` from an order's open quantity and gives their reservation back (SPEC 2.6). */
  reduce(order: Order, lots: number): void {
    order.leavesQuantity -= lots;
    this.reserve(order, -lots * order.reservedPerLot);
  }

  /** SPEC 4.7: an order on a ladder, or the one that is taking. */
  end(order: Order, reason: CancelReason): void {
    const wasOnBook = isOnBook(order);
    const canceledQuantity = order.isQuote ? 0 : order.leavesQuantity;
    this.forget(order);
    if (order.isQuote) this.reserve(order, -order.quoteReserved);
    else this.reduce(order, order.leavesQuantity);
    this.emitCanceled(order, reason, canceledQuantity);
    if (wasOnBook) this.emitLevel(order.book, order.side, order.price);
    this.endOcoPartner(order);
  }

  emitCanceled(order: Order, reason: CancelReason, canceledQuantity: number): void {
    this.emit({
      type: 'canceled',
      book: order.book.id,
      account: order.account.id,
      orderId: order.orderId,
      side: order.side,
      reason,
      canceledQuantity,
      cumQuantity: order.cumQuantity,
    });
  }

  endOcoPartner(order: Order): void {
    const partner = order.ocoPartner;
    if (partner === undefined) return;
    order.ocoPartner = undefined;
    partner.ocoPartner = undefined;
    this.end(partner, 'oco');
  }

  // Trades, SPEC 2.5 and 4.3 step 3

  trade(options: {
    readonly maker: Order;
    readonly taker: Order;
    readonly price: number;
    readonly quantity: number;
    readonly makerFeePpm: number;
    readonly takerFeePpm: number;
    readonly aggressorSide: Side | 'none';
  }): void {
    const { maker, taker, price, quantity, makerFeePpm, takerFeePpm, aggressorSide } = options;
    const book = maker.book;
    const notional = price * quantity;
    const makerFee = feeOf(notional, makerFeePpm);
    const takerFee = feeOf(notional, takerFeePpm);
    this.tradeCount += 1;
    book.lastPrice = price;
    this.fill(maker, quantity, notional, makerFee);
    this.fill(taker, quantity, notional, takerFee);
    this.addAvailable(this.venueAccount(), CASH, makerFee + takerFee);
    const facts = {
      tradeId: this.tradeCount,
      book: book.id,
      price,
      quantity,
      makerAccount: maker.account.id,
      takerAccount: taker.account.id,
      makerFee,
      takerFee,
    };
    const takerSide = taker.side;
    this.trades.push({ ...facts, takerSide, makerFeePpm, takerFeePpm, busted: false });
    this.trades = this.trades.filter(
      (trade) => trade.tradeId > this.tradeCount - this.limits.tradeHistory,
    );
    this.emit({
      type: 'trade',
      ...facts,
      aggressorSide,
      makerOrderId: maker.orderId,
      makerCumQuantity: maker.cumQuantity,
      makerLeavesQuantity: maker.leavesQuantity,
      takerOrderId: taker.orderId,
      takerCumQuantity: taker.cumQuantity,
      takerLeavesQuantity: taker.leavesQuantity,
    });
  }

  private fill(order: Order, lots: number, notional: number, fee: number): void {
    const { account, book } = order;
    order.cumQuantity += lots;
    if (order.isQuote) {
      this.fillQuote(order, lots, notional, fee);
    } else {
      order.leavesQuantity -= lots;
      order.visibleQuantity -= lots;
      this.addReserved(account, this.assetOf(order), -lots * order.reservedPerLot);
      if (order.side === 'buy')
        this.addAvailable(account, CASH, lots * order.reservedPerLot - (notional + fee));
    }
    if (order.side === 'buy') this.addAvailable(account, book.id, lots);
    else this.addAvailable(account, CASH, notional - fee);
  }

  private fillQuote(order: Order, lots: number, notional: number, fee: number): void {
    const spentReservation = order.side === 'buy' ? notional + fee : lots;
    order.quoteLeft -= order.side === 'buy' ? notional + fee : notional;
    order.quoteReserved -= spentReservation;
    this.addReserved(order.account, this.assetOf(order), -spentReservation);
  }

  booksAscending(): Book[] {
    return [...this.books.values()].sort((a, b) => a.id - b.id);
  }
}
