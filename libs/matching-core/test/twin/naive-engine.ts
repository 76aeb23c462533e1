import type {
  AccountView,
  BookView,
  Command,
  EngineLimits,
  LevelView,
  MatchingEngine,
  MatchingEvent,
  OrderView,
  RejectReason,
  StateView,
} from '../../src/types.js';
import * as administration from './administration.js';
import { newOrder, replace } from './entry.js';
import type { Account, Book, Level, Order } from './model.js';
import { isCount, isKnownKind, isWellFormed } from './shape.js';
import { CASH, Venue } from './venue.js';

/** The naive twin: the same machine as the fast engine, written from SPEC.md for obviousness alone. */
export class NaiveEngine implements MatchingEngine {
  private readonly venue: Venue;

  constructor(limits: EngineLimits) {
    this.venue = new Venue(limits);
  }

  apply(command: Command): MatchingEvent[] {
    const venue = this.venue;
    venue.commandSequence += 1;
    venue.events = [];
    const tradesBefore = venue.tradeCount;
    const reason = isWellFormed(command) ? this.dispatch(command) : 'malformed_command';
    if (reason !== undefined) return [rejected(command, reason)];
    this.followTrades(tradesBefore);
    return venue.events;
  }

  private dispatch(command: Command): RejectReason | undefined {
    const venue = this.venue;
    switch (command.kind) {
      case 'configure_book':
        return administration.configureBook(venue, command);
      case 'configure_account':
        return administration.configureAccount(venue, command);
      case 'deposit':
        return administration.deposit(venue, command);
      case 'withdraw':
        return administration.withdraw(venue, command);
      case 'new_order':
        return newOrder(venue, command);
      case 'cancel':
        return administration.cancel(venue, command);
      case 'replace':
        return replace(venue, command);
      case 'mass_cancel':
        return administration.massCancel(venue, command);
      case 'kill_switch':
        return administration.killSwitch(venue, command);
      case 'set_time':
        return administration.setTime(venue, command);
      case 'set_phase':
        return administration.setPhase(venue, command);
      case 'set_bands':
        return administration.setBands(venue, command);
      case 'indicate':
        return administration.indicate(venue, command.book);
      case 'bust':
        return administration.bust(venue, command.tradeId);
      case 'correct':
        return administration.correct(venue, command);
      case 'set_fees':
        return administration.setFees(venue, command);
    }
  }

  /** SPEC 4.9; a command trades in one book at most. */
  private followTrades(tradesBefore: number): void {
    if (this.venue.tradeCount === tradesBefore) return;
    const traded = this.venue.events.find((event) => event.type === 'trade');
    const book = traded && this.venue.books.get(traded.book);
    if (book?.config.referenceFollowsTrades) book.referencePrice = book.lastPrice;
  }

  stateView(): StateView {
    const venue = this.venue;
    const books = venue.booksAscending();
    const accounts = [...venue.accounts.values()].sort((a, b) => a.id - b.id);
    return {
      commandSequence: venue.commandSequence,
      time: venue.time,
      lastOrderId: venue.lastOrderId,
      tradeCount: venue.tradeCount,
      priorityCount: venue.priorityCount,
      openOrders: venue.orders.size,
      accounts: accounts.map((account) => accountView(account, books)),
      books: books.map(bookView),
      trades: venue.trades.map((trade) => ({ ...trade })),
    };
  }
}

/** SPEC 3.3 */
function rejected(command: Command, reason: RejectReason): MatchingEvent {
  const known = isKnownKind(command.kind);
  const account: unknown = known && 'account' in command ? command.account : 0;
  const orderId: unknown = known && 'orderId' in command ? command.orderId : 0;
  return {
    type: 'rejected',
    command: known ? command.kind : 'new_order',
    reason,
    account: isCount(account) ? account : 0,
    orderId: isCount(orderId) ? orderId : 0,
  };
}

function accountView(account: Account, books: readonly Book[]): AccountView {
  const balance = (asset: number) => ({
    available: account.available.get(asset) ?? 0,
    reserved: account.reserved.get(asset) ?? 0,
  });
  return {
    account: account.id,
    ownerGroup: account.ownerGroup,
    openOrdersMax: account.openOrdersMax,
    openOrders: account.openOrders,
    killed: account.killed,
    feeTier: account.feeTier,
    cash: balance(CASH),
    tokens: books.map((book) => ({ book: book.id, ...balance(book.id) })),
  };
}

function bookView(book: Book): BookView {
  const { id, fees, bids, asks, buyStops, sellStops, ...rest } = book;
  return {
    book: id,
    ...rest,
    config: { ...book.config },
    fees: [...fees].sort(([a], [b]) => a - b).map(([tier, paid]) => ({ tier, ...paid })),
    bids: bids.map(levelView),
    asks: asks.map(levelView),
    buyStops: buyStops.map(levelView),
    sellStops: sellStops.map(levelView),
  };
}

function levelView(level: Level): LevelView {
  return {
    price: level.price,
    quantity: level.orders.reduce((sum, order) => sum + order.visibleQuantity, 0),
    orders: level.orders.map(orderView),
  };
}

function orderView(order: Order): OrderView {
  return {
    orderId: order.orderId,
    account: order.account.id,
    type: order.type,
    timeInForce: order.timeInForce,
    price: order.price,
    quantity: order.quantity,
    cumQuantity: order.cumQuantity,
    leavesQuantity: order.leavesQuantity,
    visibleQuantity: order.visibleQuantity,
    displayQuantity: order.displayQuantity,
    stopPrice: order.stopPrice,
    expiresAt: order.expiresAt,
    stp: order.stp,
    postOnly: order.postOnly,
    ocoPartner: order.ocoPartner?.orderId ?? 0,
    reservedPerLot: order.reservedPerLot,
    priority: order.priority,
  };
}
