import type { ViolationDetails } from '@specie/event-sourcing';
import { fixReject, type CommandKind, type RejectReason } from '@specie/matching-core';
import { formatMicro, microMoney, microTokensPerLot } from '@specie/quantities';
import { reservedPerLot } from './reservation.js';
import type { OrderTerms } from './shard.commands.js';
import { isCall } from './told.js';
import type { Venue } from './venue.js';

/** The field and the value of FIX 5.0 SP2 that answer a refused order, cancel or replace. */
export function fixDetails(command: CommandKind, reason: RejectReason): ViolationDetails {
  const { tag, value } = fixReject(command, reason);
  return tag === 102 ? { cxlRejReason: value } : { ordRejReason: value };
}

/** The numbers that a refusal of the core rests on. */
export function refusalDetails(
  venue: Venue,
  reason: RejectReason,
  asked: Pick<OrderTerms, 'seriesId'> &
    Partial<OrderTerms> & { readonly partyId: string; readonly releasedLots?: number },
): ViolationDetails {
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
  asked: Parameters<typeof refusalDetails>[2],
): ViolationDetails {
  const { seriesId, partyId, side, orderKind, priceTicks, quantityLots, quoteAmount } = asked;
  const { available } =
    reason === 'insufficient_cash' ? venue.cashOf(partyId) : venue.tokensOf(seriesId, partyId);
  const config = venue.configOf(seriesId);
  if (!config || !side || !orderKind || priceTicks === undefined || quantityLots === undefined) {
    return { available: formatMicro(available) };
  }
  const perLot = reservedPerLot({ side, orderKind, priceTicks }, config, isCall(venue, seriesId));
  const needed =
    quoteAmount === undefined
      ? BigInt(perLot) * BigInt(quantityLots)
      : side === 'buy'
        ? BigInt(quoteAmount)
        : microTokensPerLot * BigInt(config.lotSize);
  // An order without a price reserves up to its bound, which is not a number to tell.
  return {
    ...(needed > available ? { needed: formatMicro(needed) } : {}),
    available: formatMicro(available),
  };
}

function dollars(amount: number): string {
  return formatMicro(microMoney(BigInt(amount)));
}
