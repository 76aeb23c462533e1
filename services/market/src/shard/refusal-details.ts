import type { ViolationDetails } from '@specie/event-sourcing';
import {
  fixReject,
  REJECT_REASONS,
  type CommandKind,
  type RejectReason,
} from '@specie/matching-core';
import { formatMicro, microMoney, microTokensPerLot } from '@specie/quantities';
import type { PlaceOrderRejection } from './order-rejections.js';
import { reservedPerLot } from './reservation.js';
import type { OpenOrder } from './open-orders.js';
import type { PlaceOrder, ReplaceOrder } from './shard.commands.js';
import { isCall } from './told.js';
import type { Venue } from './venue.js';

/** The field and the value of FIX 5.0 SP2 that answer a refused order, cancel or replace. */
export function fixDetails(command: CommandKind, reason: RejectReason): ViolationDetails {
  const { tag, value } = fixReject(command, reason);
  return tag === 102 ? { cxlRejReason: value } : { ordRejReason: value };
}

/** The same of an order that was refused before; nothing for a refusal that FIX does not know. */
export function fixDetailsOfRefusal(refusal: PlaceOrderRejection): ViolationDetails | undefined {
  const reason = REJECT_REASONS.find(
    (one) =>
      one === refusal || (one === 'duplicate_order_id' && refusal === 'duplicate_client_order_id'),
  );
  return reason && fixDetails('new_order', reason);
}

interface Asked {
  readonly seriesId: string;
  readonly partyId: string;
  /** What it would set aside, in micro-dollars or micro-tokens. */
  readonly needed?: bigint;
}

/** The numbers that a refusal of the core rests on. */
export function refusalDetails(venue: Venue, reason: RejectReason, asked: Asked): ViolationDetails {
  const { seriesId, partyId } = asked;
  const book = venue.core.bookState(venue.books.numberOf(seriesId));
  if (book === null) return {};
  const { config } = book;
  switch (reason) {
    case 'quantity_out_of_range':
      return { minimumLots: config.minQuantity, maximumLots: config.maxQuantity };
    case 'quantity_not_on_lot':
    case 'display_quantity_invalid':
      return { lotStep: config.lotSize };
    case 'price_out_of_range':
    case 'stop_price_out_of_range':
      return { minimumPriceTicks: config.minPrice, maximumPriceTicks: config.maxPrice };
    case 'price_not_on_tick':
    case 'stop_price_not_on_tick':
      return { priceStepTicks: config.tickSize };
    case 'price_outside_band': {
      const half = Math.floor((book.referencePrice * book.dynamicPpm) / 1_000_000);
      const isDynamic = book.dynamicPpm > 0 && book.referencePrice > 0;
      const high = [
        ...(book.staticHigh > 0 ? [book.staticHigh] : []),
        ...(isDynamic ? [book.referencePrice + half] : []),
      ];
      return {
        lowTicks: Math.max(book.staticLow, isDynamic ? book.referencePrice - half : 0, 1),
        highTicks: Math.min(config.maxPrice, ...high),
      };
    }
    case 'notional_out_of_range':
      return {
        minimumNotional: dollars(config.minNotional),
        maximumNotional: dollars(config.maxNotional),
      };
    case 'phase_refuses_orders':
    case 'phase_refuses_cancel':
    case 'phase_refuses_combination':
    case 'phase_unchanged':
    case 'book_crossed':
      return { phase: book.phase };
    case 'open_orders_limit':
      return { openOrdersMax: venue.openOrdersMax.get(partyId) ?? 0 };
    case 'insufficient_cash':
    case 'insufficient_tokens':
      return shortfall(venue, reason, asked);
    default:
      return {};
  }
}

function shortfall(
  venue: Venue,
  reason: 'insufficient_cash' | 'insufficient_tokens',
  { seriesId, partyId, needed = 0n }: Asked,
): ViolationDetails {
  const { available } =
    reason === 'insufficient_cash' ? venue.cashOf(partyId) : venue.tokensOf(seriesId, partyId);
  // An order without a price reserves up to its bound, which is not a number to tell.
  return {
    ...(needed > available ? { needed: formatMicro(needed) } : {}),
    available: formatMicro(available),
  };
}

/** What a new order would set aside. */
export function neededToPlace(command: PlaceOrder, venue: Venue): bigint {
  const { partyId, seriesId, side, quoteAmount, ocoOrderId } = command;
  const config = venue.configOf(seriesId);
  if (config === null) return 0n;
  if (quoteAmount !== undefined) {
    return side === 'buy' ? BigInt(quoteAmount) : microTokensPerLot * BigInt(config.lotSize);
  }
  const partner =
    ocoOrderId === undefined ? undefined : venue.orders.named({ partyId, orderId: ocoOrderId });
  const perLot =
    reservedPerLot(command, config, isCall(venue, seriesId)) -
    (partner ? reservedPerLot(partner, config, false) : 0);
  return BigInt(Math.max(0, perLot)) * BigInt(command.quantityLots);
}

/** What an open order would set aside beyond what it does. */
export function neededToReplace(
  command: Pick<ReplaceOrder, 'priceTicks' | 'quantityLots'>,
  order: OpenOrder,
  venue: Venue,
): bigint {
  const config = venue.configOf(order.seriesId);
  const view = venue.core.order(order.orderNumber);
  if (config === null || view === null) return 0n;
  const now = reservedPerLot(order, config, false) * view.leavesQuantity;
  const perLot = reservedPerLot({ ...order, priceTicks: command.priceTicks }, config, false);
  return BigInt(perLot * (command.quantityLots - view.cumQuantity) - now);
}

function dollars(amount: number): string {
  return formatMicro(microMoney(BigInt(amount)));
}
