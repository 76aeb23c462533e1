import type { Book } from './book.js';
import { Order, orderKey, perLot } from './order.js';
import { brokenOrderRules } from './order-rules.js';
import type { EventOf, Venue } from './venue.js';

/** The events of one order. */
export class OrderEvents {
  private orderNumber = 0;

  constructor(private readonly venue: Venue) {}

  accept(event: EventOf<'market.order-accepted'>): Order {
    const { venue } = this;
    const { data } = event;
    const key = orderKey(data.partyId, data.orderId);
    if (data.orderNumber !== this.orderNumber + 1 || venue.orders.has(key)) {
      venue.flag('S9', event, `order ${data.orderNumber} follows order ${this.orderNumber}`);
    }
    this.orderNumber = data.orderNumber;
    const order = new Order(data);
    const book = venue.bookOf(event, data.seriesId);
    venue.flagAll('S7', event, venue.parties.brokenRules(order.partyId));
    if (book !== undefined) {
      const { askedPriceTicks: priceTicks = data.priceTicks, quoteAmount = 0 } = data;
      venue.flagAll('S7', event, brokenOrderRules(order, book, { priceTicks, quoteAmount }));
      book.openOrders.add(order);
    }
    venue.orders.set(key, order);
    venue.parties.open(order);
    if (order.expiresAtMs !== Infinity) {
      venue.expiries.add(order);
    }
    if (order.expiresAtMs <= venue.nowMs) {
      venue.flag('S7', event, `order ${order.orderId} enters after it expired`);
    }
    if (data.ocoOrderId !== undefined) {
      this.pair(event, order, data.ocoOrderId);
    }
    if (!order.isPending) {
      venue.take(event, order);
    }
    return order;
  }

  replace(event: EventOf<'market.order-replaced'>, order: Order): void {
    const { venue } = this;
    const { data } = event;
    const { priceTicks, quantityLots, filledLots, leavesLots } = data;
    const book = venue.bookOf(event, order.seriesId);
    this.count(event, order);
    if (data.keptPriority && !mayKeepPriority(order, data, book)) {
      venue.flag('S7', event, `order ${order.orderId} keeps its priority and asks for more`);
    }
    order.priceTicks = priceTicks;
    order.stopPriceTicks = data.stopPriceTicks ?? 0;
    order.quantityLots = quantityLots;
    order.filledLots = filledLots;
    order.leavesLots = leavesLots;
    order.reservedPerLot = perLot(data.reserved, leavesLots);
    if (leavesLots === 0) {
      venue.end(event, order);
      return;
    }
    if (venue.parties.isKilled(order.partyId)) {
      const reason = `party ${order.partyId} replaces an order while its kill switch is engaged`;
      venue.flag('S7', event, reason);
    }
    if (book !== undefined) {
      const asked = { priceTicks: data.askedPriceTicks ?? priceTicks, quoteAmount: 0 };
      venue.flagAll('S7', event, brokenOrderRules(order, book, asked));
    }
    if (!data.keptPriority && !order.isPending) {
      venue.take(event, order);
    }
  }

  restate(event: EventOf<'market.order-restated'>, order: Order): void {
    const { venue } = this;
    const { quantityLots, leavesLots } = event.data;
    const lots = order.leavesLots - leavesLots;
    this.count(event, order);
    if (venue.prevented?.lots !== lots || !venue.prevented.orders.includes(order)) {
      const reason = `${lots} lots are taken from order ${order.orderId}, not by self-trade prevention`;
      venue.flag('S9', event, reason);
    }
    order.quantityLots = quantityLots;
    order.leavesLots = leavesLots;
    venue.cutPartner(event, order);
    venue.show(order, lots);
  }

  trigger(event: EventOf<'market.order-triggered'>, order: Order): void {
    const { venue } = this;
    const { stopPriceTicks, lastPriceTicks, leavesLots, reserved } = event.data;
    const book = venue.bookOf(event, order.seriesId);
    const isReached =
      order.side === 'buy' ? lastPriceTicks >= stopPriceTicks : lastPriceTicks <= stopPriceTicks;
    const isStop = order.isPending && stopPriceTicks === order.stopPriceTicks;
    if (!isStop || !isReached || lastPriceTicks !== book?.lastPriceTicks) {
      const reason = `order ${order.orderId} is triggered at ${stopPriceTicks}, and no trade reached it`;
      venue.flag('S7', event, reason);
    }
    if (leavesLots !== order.leavesLots) {
      const reason = `order ${order.orderId} is triggered with ${leavesLots} lots of ${order.leavesLots}`;
      venue.flag('S9', event, reason);
    }
    venue.cutPartner(event, order);
    order.kind = order.kind === 'stop' ? 'market' : 'limit';
    order.stopPriceTicks = 0;
    order.reservedPerLot = perLot(reserved, leavesLots);
    venue.take(event, order);
    if (order.kind === 'limit' && book?.isOutsideBands(order) === true) {
      venue.duties.mustEnd(order, event, 'outside the bands');
    }
  }

  cancel(event: EventOf<'market.order-cancelled'>, order: Order): void {
    const { leavesLots } = event.data;
    if (leavesLots !== order.leavesLots) {
      const reason = `${leavesLots} lots of order ${order.orderId} are cancelled, ${order.leavesLots} are left`;
      this.venue.flag('S9', event, reason);
    }
    this.venue.duties.cancelled();
    this.venue.end(event, order);
  }

  private count(
    event: EventOf<'market.order-replaced' | 'market.order-restated'>,
    order: Order,
  ): void {
    const { quantityLots, filledLots, leavesLots } = event.data;
    if (filledLots !== order.filledLots || leavesLots !== quantityLots - filledLots) {
      const reason = `order ${order.orderId} has ${leavesLots} of ${quantityLots} lots left with ${order.filledLots} filled`;
      this.venue.flag('S9', event, reason);
    }
  }

  private pair(event: EventOf<'market.order-accepted'>, order: Order, partnerId: string): void {
    const partner = this.venue.orders.get(orderKey(order.partyId, partnerId));
    const isPair =
      partner?.kind === 'limit' &&
      partner.isOpen &&
      partner.partner === null &&
      partner.seriesId === order.seriesId &&
      partner.side === order.side &&
      partner.leavesLots === order.leavesLots;
    if (!isPair) {
      const reason = `order ${order.orderId} is to cancel ${partnerId}, which is no order like it`;
      this.venue.flag('S7', event, reason);
      return;
    }
    order.partner = partner;
    partner.partner = order;
  }
}

function mayKeepPriority(
  order: Order,
  data: EventOf<'market.order-replaced'>['data'],
  book: Book | undefined,
): boolean {
  return (
    data.priceTicks === order.priceTicks &&
    (data.stopPriceTicks ?? 0) === order.stopPriceTicks &&
    data.quantityLots <= order.quantityLots &&
    book?.terms.reduceKeepsPriority === true
  );
}
