import { equilibrium } from './auction.js';
import { PHASES, SIDES, isCall } from './codes.js';
import type { Ladder } from './ladder.js';
import { RECORD } from './orders.js';
import { bookOf, sideOf } from './terms.js';
import type { State } from './state.js';
import type {
  BalanceView,
  BookState,
  Indication,
  LevelSummary,
  LiveOrderView,
  Side,
  TradeView,
} from './types.js';
import { balanceView, orderView, tradeView } from './view.js';

const { FLAGS } = RECORD;

/** Single parts of the state, for a service that asks often; `viewOf` copies all of it. */

export function lookAtOrder(s: State, orderId: number): LiveOrderView | null {
  const order = s.orders.find(orderId);
  if (order === 0 || s.orders.idOf(order) !== orderId) return null;
  const flags = s.orders.words[order | FLAGS] as number;
  const side = SIDES[sideOf(flags)] ?? 'buy';
  return { book: bookOf(flags), side, ...orderView(s, order) };
}

export function lookAtBalance(s: State, account: number, asset: number): BalanceView {
  const balances = asset === 0 ? s.accounts.cash : s.books[asset]?.tokens;
  return balances === undefined ? { available: 0, reserved: 0 } : balanceView(balances, account);
}

export function lookAtBook(s: State, number: number): BookState | null {
  const book = s.books[number];
  if (book === undefined) return null;
  const [bids, asks] = book.ladders;
  const marketBuys = s.limits.ladderTicks - 1;
  const bestBid = bids.best === marketBuys ? bids.below(marketBuys) : bids.best;
  const bestAsk = asks.best === 0 ? asks.above(0) : asks.best;
  return {
    config: book.config,
    phase: PHASES[book.phase] ?? 'closed',
    bestBid: Math.max(bestBid, 0),
    bestAsk: Math.max(bestAsk, 0),
    lastPrice: book.lastPrice,
    referencePrice: book.referencePrice,
    staticLow: book.staticLow,
    staticHigh: book.staticHigh,
    dynamicPpm: book.dynamicPpm,
    levelSequence: book.levelSequence,
    openOrders: book.openOrders,
  };
}

export function lookAtLevels(s: State, number: number, side: Side, count: number): LevelSummary[] {
  const ladder: Ladder | undefined = s.books[number]?.ladders[side === 'buy' ? 0 : 1];
  const levels: LevelSummary[] = [];
  if (ladder === undefined) return levels;
  for (
    let price = ladder.best;
    price >= 0 && levels.length < count;
    price = ladder.worseThan(price)
  )
    levels.push({ price, quantity: ladder.volume(price), orders: ladder.count(price) });
  return levels;
}

export function lookAtAuction(s: State, number: number): Indication | null {
  const book = s.books[number];
  return book === undefined || !isCall(book.phase) ? null : equilibrium(s, book);
}

export function lookAtTrade(s: State, tradeId: number): TradeView | null {
  return s.trades.remembers(tradeId, s.tradeCount) ? tradeView(s, tradeId) : null;
}
