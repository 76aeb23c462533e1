import type {
  BookOpened,
  CashDeposited,
  CashWithdrawn,
  MarketStateAttested,
  OrderAccepted,
  OrderCancelled,
  OrderRefused,
  TokensDeposited,
  TradeExecuted,
  WithdrawalCompleted,
  WithdrawalRequested,
  WithdrawalReverted,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import { assertNever, assertPossible } from '@specie/event-sourcing';
import { microTokensPerLot } from '@specie/quantities';
import type { OpenOrder } from './open-order.js';
import { tradedOrders, type OrderName } from './traded-orders.js';
import { insertOrder, newOrderQueue, removeOrder, type OrderQueue } from './order-queue.js';

/** The one stream of the shard: all of its books and trading accounts. */
export const shardStreamId = streamIds.shard('main');

export type ExchangeEvent =
  | BookOpened
  | CashDeposited
  | CashWithdrawn
  | OrderAccepted
  | OrderCancelled
  | OrderRefused
  | TokensDeposited
  | TradeExecuted
  | WithdrawalCompleted
  | WithdrawalRequested
  | WithdrawalReverted;

export interface Balance {
  available: bigint;
  reserved: bigint;
}

export interface Book {
  readonly terms: BookOpened['data'];
  readonly bids: OrderQueue;
  readonly asks: OrderQueue;
}

/**
 * All books that share a set of trading accounts. It is the fold of the shard's events and nothing else; it is
 * changed in place because a copy per event would cost more than the match, and thrown away on any doubt.
 */
export interface Exchange {
  readonly books: Map<string, Book>;
  readonly cash: Map<string, Balance>;
  readonly tokens: Map<string, Balance>;
  /** By owner and id; see `openOrder`. */
  readonly openOrders: Map<string, OpenOrder>;
  /** By owner and id; see `pendingWithdrawal`. */
  readonly pendingWithdrawals: Map<string, WithdrawalRequested['data']>;
  orderCount: number;
  tradeCount: number;
  /** Deposits less withdrawals, of all parties. */
  cashTotal: bigint;
  feesEarned: bigint;
}

export function newExchange(): Exchange {
  return {
    books: new Map(),
    cash: new Map(),
    tokens: new Map(),
    openOrders: new Map(),
    pendingWithdrawals: new Map(),
    orderCount: 0,
    tradeCount: 0,
    cashTotal: 0n,
    feesEarned: 0n,
  };
}

export function tokenKey(seriesId: string, partyId: string): string {
  return `${seriesId}/${partyId}`;
}

export function cashOf(exchange: Exchange, partyId: string): Readonly<Balance> {
  return exchange.cash.get(partyId) ?? { available: 0n, reserved: 0n };
}

export function tokensOf(exchange: Exchange, seriesId: string, partyId: string): Readonly<Balance> {
  return exchange.tokens.get(tokenKey(seriesId, partyId)) ?? { available: 0n, reserved: 0n };
}

/** Parties choose the ids of their orders and withdrawals, so one id may be an order of each of them. */
export function openOrder(
  exchange: Exchange,
  { partyId, orderId }: OrderName,
): OpenOrder | undefined {
  return exchange.openOrders.get(ownedKey(partyId, orderId));
}

export function pendingWithdrawal(
  exchange: Exchange,
  { partyId, withdrawalId }: { readonly partyId: string; readonly withdrawalId: string },
): WithdrawalRequested['data'] | undefined {
  return exchange.pendingWithdrawals.get(ownedKey(partyId, withdrawalId));
}

function ownedKey(partyId: string, id: string): string {
  return `${partyId}/${id}`;
}

/** Folds one event into the exchange, in place. Total: an event that cannot have happened throws. */
export function evolve(exchange: Exchange, event: ExchangeEvent | MarketStateAttested): void {
  switch (event.type) {
    case 'market.book-opened':
      assertPossible(!exchange.books.has(event.data.seriesId), 'a book is opened once');
      exchange.books.set(event.data.seriesId, {
        terms: event.data,
        bids: newOrderQueue('buy'),
        asks: newOrderQueue('sell'),
      });
      return;
    case 'market.cash-deposited':
      exchange.cashTotal += event.data.amount;
      change(exchange.cash, event.data.partyId, event.data.amount, 0n);
      return;
    case 'market.cash-withdrawn':
      exchange.cashTotal -= event.data.amount;
      change(exchange.cash, event.data.partyId, 0n - event.data.amount, 0n);
      return;
    case 'market.tokens-deposited':
      change(
        exchange.tokens,
        tokenKey(event.data.seriesId, event.data.partyId),
        event.data.quantity,
        0n,
      );
      return;
    case 'market.withdrawal-requested':
      change(
        exchange.tokens,
        tokenKey(event.data.seriesId, event.data.partyId),
        0n - event.data.quantity,
        0n,
      );
      exchange.pendingWithdrawals.set(
        ownedKey(event.data.partyId, event.data.withdrawalId),
        event.data,
      );
      return;
    case 'market.withdrawal-completed':
      takePending(exchange, event.data);
      return;
    case 'market.withdrawal-reverted':
      takePending(exchange, event.data);
      change(
        exchange.tokens,
        tokenKey(event.data.seriesId, event.data.partyId),
        event.data.quantity,
        0n,
      );
      return;
    case 'market.order-accepted':
      enterOrder(exchange, event.data);
      return;
    case 'market.trade-executed':
      settleTrade(exchange, event.data);
      return;
    case 'market.order-cancelled':
      endOrder(exchange, event.data);
      return;
    case 'market.order-refused':
    case 'market.state-attested':
      return;
    default:
      assertNever(event);
  }
}

/** The taker enters its queue before its trades are folded: at the end of the command nothing crosses. */
function enterOrder(exchange: Exchange, data: OrderAccepted['data']): void {
  assertPossible(data.orderNumber === exchange.orderCount + 1, 'orders are numbered without gaps');
  assertPossible(openOrder(exchange, data) === undefined, 'an order is accepted once');
  const reserved = BigInt(data.reserved);
  const order: OpenOrder = {
    orderId: data.orderId,
    orderNumber: data.orderNumber,
    seriesId: data.seriesId,
    partyId: data.partyId,
    side: data.side,
    priceTicks: data.priceTicks,
    reservedPerLot: reserved / BigInt(data.quantityLots),
    leavesLots: data.quantityLots,
  };
  assertPossible(
    order.reservedPerLot * BigInt(data.quantityLots) === reserved,
    'a reservation is whole per lot',
  );
  reserve(exchange, order, reserved);
  exchange.orderCount = data.orderNumber;
  exchange.openOrders.set(ownedKey(order.partyId, order.orderId), order);
  insertOrder(queueOf(exchange, order), order);
}

function settleTrade(exchange: Exchange, data: TradeExecuted['data']): void {
  assertPossible(data.tradeNumber === exchange.tradeCount + 1, 'trades are numbered without gaps');
  exchange.tradeCount = data.tradeNumber;
  const { buy: bought, sell: sold } = tradedOrders(data);
  const [buy, sell] = [standingOrder(exchange, bought), standingOrder(exchange, sold)];
  assertPossible(buy.side === 'buy' && sell.side === 'sell', 'a trade has a buyer and a seller');
  const lots = BigInt(data.quantityLots);
  const notional = BigInt(data.notional);
  const buyerFee = BigInt(data.buyerFee);
  const sellerFee = BigInt(data.sellerFee);
  const set = buy.reservedPerLot * lots;
  change(exchange.cash, buy.partyId, set - notional - buyerFee, -set);
  change(exchange.tokens, tokenKey(buy.seriesId, buy.partyId), lots * microTokensPerLot, 0n);
  change(exchange.tokens, tokenKey(sell.seriesId, sell.partyId), 0n, -lots * microTokensPerLot);
  change(exchange.cash, sell.partyId, notional - sellerFee, 0n);
  exchange.feesEarned += buyerFee + sellerFee;
  for (const order of data.takerSide === 'buy' ? [sell, buy] : [buy, sell]) {
    order.leavesLots -= data.quantityLots;
    assertPossible(order.leavesLots >= 0, 'no order fills beyond its quantity');
    if (order.leavesLots === 0) {
      forgetOrder(exchange, order);
    }
  }
}

function endOrder(exchange: Exchange, data: OrderCancelled['data']): void {
  const order = standingOrder(exchange, data);
  assertPossible(order.leavesLots === data.leavesLots, 'a cancel names what was left');
  reserve(exchange, order, -order.reservedPerLot * BigInt(order.leavesLots));
  forgetOrder(exchange, order);
}

function reserve(exchange: Exchange, order: OpenOrder, amount: bigint): void {
  if (order.side === 'buy') {
    change(exchange.cash, order.partyId, -amount, amount);
  } else {
    change(exchange.tokens, tokenKey(order.seriesId, order.partyId), -amount, amount);
  }
}

function change(
  balances: Map<string, Balance>,
  key: string,
  available: bigint,
  reserved: bigint,
): void {
  const balance = balances.get(key) ?? { available: 0n, reserved: 0n };
  balance.available += available;
  balance.reserved += reserved;
  assertPossible(
    balance.available >= 0n && balance.reserved >= 0n,
    'no balance is ever negative (S7)',
  );
  balances.set(key, balance);
}

function standingOrder(exchange: Exchange, named: OrderName): OpenOrder {
  const order = openOrder(exchange, named);
  assertPossible(order !== undefined, 'only an open order trades or is cancelled');
  return order;
}

function forgetOrder(exchange: Exchange, order: OpenOrder): void {
  exchange.openOrders.delete(ownedKey(order.partyId, order.orderId));
  removeOrder(queueOf(exchange, order), order);
}

function queueOf(exchange: Exchange, order: OpenOrder): OrderQueue {
  const book = exchange.books.get(order.seriesId);
  assertPossible(book !== undefined, 'an order stands in an open book');
  return order.side === 'buy' ? book.bids : book.asks;
}

function takePending(
  exchange: Exchange,
  { partyId, withdrawalId }: { readonly partyId: string; readonly withdrawalId: string },
): void {
  assertPossible(
    exchange.pendingWithdrawals.delete(ownedKey(partyId, withdrawalId)),
    'a withdrawal ends once',
  );
}
