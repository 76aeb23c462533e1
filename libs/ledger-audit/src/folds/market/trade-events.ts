import type { Book } from './book.js';
import { orderKey, type Order } from './order.js';
import { brokenPriceRules, brokenPriorityRules, brokenTradeRules } from './trade-rules.js';
import type { EventOf, Venue } from './venue.js';

type Traded = EventOf<'market.trade-executed'>;

/** Both orders of a trade. */
export type Sides = Readonly<Record<'buy' | 'sell', Order>>;

/** Trades, and the trades that self-trade prevention kept from happening. */
export class TradeEvents {
  private tradeNumber = 0;

  constructor(private readonly venue: Venue) {}

  /** The orders of a trade; null where a party does not have its order. */
  sidesOf(event: Traded): Sides | null {
    const { venue } = this;
    const { data } = event;
    if (data.tradeNumber !== this.tradeNumber + 1) {
      venue.flag('S9', event, `trade ${data.tradeNumber} follows trade ${this.tradeNumber}`);
    }
    this.tradeNumber = data.tradeNumber;
    const { makerOrderId, takerOrderId } = data;
    const takerBuys = data.takerSide === 'buy';
    const [buyId, sellId] = takerBuys ? [takerOrderId, makerOrderId] : [makerOrderId, takerOrderId];
    const buy = venue.orders.get(orderKey(data.buyerPartyId, buyId));
    const sell = venue.orders.get(orderKey(data.sellerPartyId, sellId));
    if (buy?.seriesId !== data.seriesId || sell?.seriesId !== data.seriesId) {
      venue.flag('S7', event, 'the trade names an order that its party does not have in the book');
      return null;
    }
    if (buy.side !== 'buy' || sell.side !== 'sell') {
      venue.flag('S7', event, 'the parties are not on the sides of their orders');
    }
    return { buy, sell };
  }

  trade(event: Traded, { buy, sell }: Sides): void {
    const { venue } = this;
    const { data: trade } = event;
    const [maker, taker] = trade.takerSide === 'buy' ? [sell, buy] : [buy, sell];
    if (trade.notional !== trade.priceTicks * trade.quantityLots) {
      venue.flag('S4', event, 'the notional is not price times quantity');
    }
    if (trade.buyerFee + trade.sellerFee < 0) {
      venue.flag('S4', event, `trade ${trade.tradeId} gives back more in fees than it earns`);
    }
    const book = venue.bookOf(event, trade.seriesId);
    if (book !== undefined) {
      const meeting = { trade, maker, taker, book, nowMs: venue.nowMs };
      venue.flagAll('S7', event, brokenTradeRules(meeting));
      venue.flagAll('S4', event, brokenPriceRules(meeting));
      book.lastPriceTicks = trade.priceTicks;
      venue.tradedBooks.add(book);
      if (trade.execution === 'auction') {
        takeFromAuction(book, trade.quantityLots);
      }
    }
    this.fill(event, maker);
    this.fill(event, taker);
  }

  prevent(event: EventOf<'market.self-trade-prevented'>): void {
    const { venue } = this;
    const { data } = event;
    const { partyId, seriesId, makerOrderId, takerOrderId, quantityLots } = data;
    const maker = venue.orders.get(orderKey(partyId, makerOrderId));
    const taker = venue.orders.get(orderKey(partyId, takerOrderId));
    const book = venue.bookOf(event, seriesId);
    if (maker?.isOpen !== true || taker?.isOpen !== true) {
      const reason = `self-trade prevention names an order that is not open of party ${partyId}`;
      venue.flag('S7', event, reason);
      return;
    }
    venue.prevented = { lots: quantityLots, orders: [maker, taker] };
    if (book === undefined) {
      return;
    }
    // Nobody takes in an auction; what takes afterwards in its command was triggered by it.
    const isAuction = book.auction !== null && !venue.isTaking;
    for (const order of isAuction ? [maker, taker] : [maker]) {
      venue.flagAll('S7', event, brokenPriorityRules(order, quantityLots, book));
    }
    if (isAuction) {
      takeFromAuction(book, quantityLots);
    }
  }

  private fill(event: Traded, order: Order): void {
    const { venue } = this;
    const { quantityLots, notional, buyerFee } = event.data;
    const isOverfilled = order.isByAmount ? !order.isOpen : order.leavesLots < quantityLots;
    if (isOverfilled) {
      venue.flag('S7', event, `order ${order.orderId} fills beyond its quantity`);
    }
    order.filledLots += quantityLots;
    venue.cutPartner(event, order);
    if (order.isByAmount) {
      order.amountLeft -= BigInt(order.side === 'buy' ? notional + buyerFee : notional);
      if (order.amountLeft < 0n) {
        venue.flag('S7', event, `order ${order.orderId} trades for more than its amount`);
      }
      return;
    }
    order.leavesLots -= quantityLots;
    if (order.leavesLots === 0) {
      venue.end(event, order);
    } else {
      venue.show(order, quantityLots);
    }
  }
}

function takeFromAuction({ auction }: Book, lots: number): void {
  if (auction !== null) {
    auction.leftLots -= lots;
  }
}
