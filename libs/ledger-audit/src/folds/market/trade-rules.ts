import type { WireData } from '../../wire-events.js';
import { isMatching, type Book } from './book.js';
import type { Order } from './order.js';

export interface Meeting {
  readonly trade: WireData<'market.trade-executed'>;
  readonly maker: Order;
  readonly taker: Order;
  readonly book: Book;
  /** Epoch milliseconds of the market's own clock. */
  readonly nowMs: number;
}

/** Why two orders could not trade, rule for rule; prices are in `brokenPriceRules`. */
export function* brokenTradeRules(meeting: Meeting): Generator<string> {
  const { trade, maker, taker, book, nowMs } = meeting;
  const isAuction = trade.execution === 'auction';
  if (trade.buyerPartyId === trade.sellerPartyId && !mayTradeWithItself(meeting)) {
    yield `party ${trade.buyerPartyId} trades with itself`;
  }
  if (isAuction ? book.auction === null : !isMatching(book.phase)) {
    yield `a trade in the phase ${book.phase}${isAuction ? ' and in no auction' : ''}`;
  }
  if (book.auction !== null && isAuction && trade.quantityLots > book.auction.leftLots) {
    yield 'the auction trades more than its volume';
  }
  if (trade.quantityLots % book.terms.lotStep !== 0) {
    yield `${trade.quantityLots} lots trade in steps of ${book.terms.lotStep}`;
  }
  for (const order of [maker, taker]) {
    if (order.expiresAtMs <= nowMs) {
      yield `order ${order.orderId} trades after it expired`;
    }
    if (order.isPending) {
      yield `order ${order.orderId} trades before it is triggered`;
    }
  }
  if (!isAuction && taker.isPostOnly) {
    yield `order ${taker.orderId} is post-only and takes`;
  }
  if (!isAuction && taker.priority > 0) {
    yield `order ${taker.orderId} takes while it rests`;
  }
  for (const order of isAuction ? [maker, taker] : [maker]) {
    yield* brokenPriorityRules(order, trade.quantityLots, book);
  }
}

/** A resting order meets others when it is the first of its side, with what it shows. */
export function* brokenPriorityRules(order: Order, lots: number, book: Book): Generator<string> {
  const first = book.queues[order.side].first();
  if (first !== order) {
    yield `order ${order.orderId} goes ahead of order ${first?.orderId ?? 'none'}`;
  } else if (lots > order.visibleLots && order.visibleLots < order.leavesLots) {
    yield `order ${order.orderId} trades ${lots} lots and shows ${order.visibleLots}`;
  }
}

/** Why a trade cannot have its price. */
export function* brokenPriceRules({ trade, maker, taker, book }: Meeting): Generator<string> {
  const { tradeId, priceTicks } = trade;
  const isAuction = trade.execution === 'auction';
  if (isAuction && book.auction !== null && priceTicks !== book.auction.priceTicks) {
    yield `trade ${tradeId} at ${priceTicks} ticks, the auction is at ${book.auction.priceTicks}`;
  }
  const isAtMaker = isAuction || priceTicks === maker.priceTicks;
  if (!isAtMaker || [maker, taker].some((order) => isBeyondLimit(order, priceTicks))) {
    const prices = `${maker.priceTicks} of the resting order, ${taker.priceTicks} of the other`;
    yield `trade ${tradeId} at ${priceTicks} ticks, not within ${prices}`;
  }
}

function isBeyondLimit(order: Order, ticks: number): boolean {
  return (
    order.hasPrice && (order.side === 'buy' ? ticks > order.priceTicks : ticks < order.priceTicks)
  );
}

/** The taking order decides; in an auction both do. */
function mayTradeWithItself({ trade, maker, taker, book }: Meeting): boolean {
  const isNone = ({ selfTradePrevention }: Order): boolean => selfTradePrevention === 'none';
  const isWanted = isNone(taker) && (trade.execution !== 'auction' || isNone(maker));
  return book.terms.selfTradeAllowed && isWanted;
}
