import type { OrderCancelled } from '@specie/contracts';
import { assertNever } from '@specie/event-sourcing';
import type { CancelReason, MatchingEvent, TradeEvent } from '@specie/matching-core';
import type { BookUpdate } from './book-update.js';
import { reportOn, type ExecutionReport } from './execution-report.js';
import { reservedPerLot, type Reserving } from './reservation.js';
import type { ShardEvent } from './shard-events.js';
import type { Venue } from './venue.js';

/** What the core told of one command, in the words of the log, of the public market data and of the owners of orders. */
export interface Told {
  readonly events: ShardEvent[];
  readonly updates: BookUpdate[];
  readonly reports: ExecutionReport[];
}

export interface TellOptions {
  readonly venue: Venue;
  readonly tradeIdOf: (tradeNumber: number) => string;
  /** Why orders end that the core ends with `mass_cancel` or on request. */
  readonly cancelReason?: OrderCancelled['data']['reason'];
}

const cancelReasons = {
  requested: 'requested',
  mass_cancel: 'mass_cancel',
  kill_switch: 'kill_switch',
  ioc_remainder: 'immediate_or_cancel',
  fok_unfillable: 'fill_or_kill',
  no_liquidity: 'immediate_or_cancel',
  quote_spent: 'quote_spent',
  self_trade: 'self_trade_prevented',
  oco: 'oco',
  expired_day: 'expired_day',
  expired_time: 'expired_time',
  auction_remainder: 'auction_remainder',
  price_outside_band: 'price_outside_band',
} as const satisfies Record<CancelReason, OrderCancelled['data']['reason']>;

/**
 * Turns the core's events into those of the log, in their order, and drops the orders that ended from the index. Events
 * that say what was asked (an accepted order, a changed phase) are the caller's, who knows more about them.
 */
export function tell(coreEvents: readonly MatchingEvent[], options: TellOptions): Told {
  const told: Told = { events: [], updates: [], reports: [] };
  for (const event of coreEvents) {
    tellOne(event, options, told);
  }
  return told;
}

function tellOne(event: MatchingEvent, options: TellOptions, told: Told): void {
  const { events, updates, reports } = told;
  const { venue } = options;
  switch (event.type) {
    case 'trade':
      tellTrade(event, options, told);
      return;
    case 'canceled': {
      const order = venue.orders.at(event.orderId);
      const asked = event.reason === 'requested' || event.reason === 'mass_cancel';
      const reason = (asked && options.cancelReason) || cancelReasons[event.reason];
      const { orderId, seriesId, partyId } = order;
      const leavesLots = event.canceledQuantity;
      events.push({
        type: 'market.order-cancelled',
        data: { orderId, seriesId, partyId, leavesLots, reason },
      });
      const hasExpired = reason === 'expired_day' || reason === 'expired_time';
      const standing = { cumQty: event.cumQuantity, leavesQty: 0 };
      reports.push({ ...reportOn(order, hasExpired ? 'C' : '4', standing), reason });
      venue.orders.remove(order);
      return;
    }
    case 'restated': {
      const order = venue.orders.at(event.orderId);
      const { orderId, seriesId, partyId } = order;
      reports.push(reportOn(order, 'D', standingOf(event)));
      events.push({
        type: 'market.order-restated',
        data: {
          ...{ orderId, seriesId, partyId },
          quantityLots: event.quantity,
          filledLots: event.cumQuantity,
          leavesLots: event.leavesQuantity,
        },
      });
      return;
    }
    case 'triggered': {
      const order = venue.orders.at(event.orderId);
      const { orderId, seriesId, partyId } = order;
      // A stop order that waits has traded nothing yet.
      reports.push(reportOn(order, 'L', { cumQty: 0, leavesQty: event.leavesQuantity }));
      events.push({
        type: 'market.order-triggered',
        data: {
          ...{ orderId, seriesId, partyId },
          stopPriceTicks: event.stopPrice,
          lastPriceTicks: event.lastPrice,
          leavesLots: event.leavesQuantity,
          reserved: reservedBy(venue, order, event.leavesQuantity),
        },
      });
      return;
    }
    case 'prevented': {
      const [maker, taker] = [
        venue.orders.at(event.makerOrderId),
        venue.orders.at(event.takerOrderId),
      ];
      events.push({
        type: 'market.self-trade-prevented',
        data: {
          seriesId: maker.seriesId,
          partyId: taker.partyId,
          makerOrderId: maker.orderId,
          takerOrderId: taker.orderId,
          priceTicks: event.price,
          quantityLots: event.quantity,
          mode: event.mode,
        },
      });
      return;
    }
    case 'level': {
      const { side, price, quantity, orders, sequence } = event;
      const seriesId = venue.books.textOf(event.book);
      updates.push({
        kind: 'level',
        ...{ seriesId, side, orders, sequence },
        priceTicks: price,
        lots: quantity,
      });
      return;
    }
    case 'phase': {
      const seriesId = venue.books.textOf(event.book);
      updates.push({ kind: 'phase', seriesId, phase: event.to });
      if (event.to === 'limit_state') {
        const { from, to } = event;
        events.push({ type: 'market.phase-changed', data: { seriesId, from, to, cause: 'band' } });
      }
      return;
    }
    case 'auction': {
      const { price, volume, imbalance } = event;
      const figures = {
        seriesId: venue.books.textOf(event.book),
        priceTicks: price,
        volumeLots: volume,
        imbalanceLots: imbalance,
      };
      events.push({ type: 'market.auction-uncrossed', data: figures });
      updates.push({ kind: 'auction', ...figures, isFinal: true });
      return;
    }
    case 'accepted':
    case 'replaced':
    case 'bands':
    case 'balance':
    case 'time':
    case 'kill_switch':
    case 'mass_canceled':
    case 'book_configured':
    case 'account_configured':
    case 'trade_busted':
    case 'trade_corrected':
    case 'fees_set':
      return;
    case 'rejected':
      throw new Error(`the core refuses ${event.command} with ${event.reason}`);
    default:
      assertNever(event);
  }
}

function tellTrade(
  event: TradeEvent,
  { venue, tradeIdOf }: TellOptions,
  { events, updates, reports }: Told,
): void {
  const [maker, taker] = [venue.orders.at(event.makerOrderId), venue.orders.at(event.takerOrderId)];
  // In an auction the core's maker is the sell order.
  const isAuction = event.aggressorSide === 'none';
  const takerSide = event.aggressorSide === 'none' ? 'buy' : event.aggressorSide;
  const takerBuys = takerSide === 'buy';
  const { seriesId } = maker;
  const tradeId = tradeIdOf(event.tradeId);
  const figures = { priceTicks: event.price, quantityLots: event.quantity };
  events.push({
    type: 'market.trade-executed',
    data: {
      tradeId,
      tradeNumber: event.tradeId,
      seriesId,
      makerOrderId: maker.orderId,
      takerOrderId: taker.orderId,
      takerSide,
      buyerPartyId: takerBuys ? taker.partyId : maker.partyId,
      sellerPartyId: takerBuys ? maker.partyId : taker.partyId,
      ...figures,
      notional: event.price * event.quantity,
      buyerFee: takerBuys ? event.takerFee : event.makerFee,
      sellerFee: takerBuys ? event.makerFee : event.takerFee,
      ...(isAuction ? { execution: 'auction' as const } : {}),
    },
  });
  updates.push({
    kind: 'trade',
    seriesId,
    tradeNumber: event.tradeId,
    ...figures,
    takerSide: event.aggressorSide,
  });
  const trade = { tradeId, lastQty: event.quantity, lastPx: event.price };
  const notional = event.price * event.quantity;
  maker.filledNotional += notional;
  taker.filledNotional += notional;
  const [makerStands, takerStands] = [
    { cumQty: event.makerCumQuantity, leavesQty: event.makerLeavesQuantity },
    { cumQty: event.takerCumQuantity, leavesQty: event.takerLeavesQuantity },
  ];
  reports.push(
    { ...reportOn(maker, 'F', makerStands), fill: { ...trade, fee: event.makerFee } },
    { ...reportOn(taker, 'F', takerStands), fill: { ...trade, fee: event.takerFee } },
  );
  if (event.makerLeavesQuantity === 0) {
    venue.orders.remove(maker);
  }
  // An order by amount shows no leaves; its end is told by a cancel.
  if (event.takerLeavesQuantity === 0 && !taker.isByAmount) {
    venue.orders.remove(taker);
  }
}

function standingOf(event: { readonly cumQuantity: number; readonly leavesQuantity: number }) {
  return { cumQty: event.cumQuantity, leavesQty: event.leavesQuantity };
}

/** What `lots` of an order set aside in its book as it is now. */
export function reservedBy(
  venue: Venue,
  order: Reserving & { readonly seriesId: string },
  lots: number,
): number {
  const config = venue.configOf(order.seriesId);
  return config ? lots * reservedPerLot(order, config, isCall(venue, order.seriesId)) : 0;
}

export function isCall(venue: Venue, seriesId: string): boolean {
  const phase = venue.phaseOf(seriesId);
  return (
    phase === 'pre_open' ||
    phase === 'pause' ||
    phase === 'opening_auction' ||
    phase === 'reopening_auction' ||
    phase === 'closing_auction'
  );
}
