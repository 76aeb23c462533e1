import type { BookOpened } from '@specie/contracts';
import type {
  BookConfig,
  NewOrder,
  StpMode,
  TimeInForce as CoreTimeInForce,
} from '@specie/matching-core';
import type { OrderTerms, TimeInForce } from './shard.commands.js';

const timesInForce = {
  GTC: 'gtc',
  DAY: 'day',
  GTD: 'gtd',
  IOC: 'ioc',
  FOK: 'fok',
} as const satisfies Record<TimeInForce, CoreTimeInForce>;

/** The terms of a book as the core takes them. */
export function configOf(terms: BookOpened['data']): BookConfig {
  return {
    tickSize: terms.priceStepTicks,
    lotSize: terms.lotStep,
    minPrice: terms.minimumPriceTicks,
    maxPrice: terms.maximumPriceTicks,
    minQuantity: terms.minimumLots,
    maxQuantity: terms.maximumLots,
    minNotional: terms.minimumNotional,
    maxNotional: terms.maximumNotional,
    protectionTicks: terms.protectionTicks,
    makerFeePpm: terms.makerFeePpm,
    takerFeePpm: terms.takerFeePpm,
    auctionFeePpm: terms.auctionFeePpm,
    reduceKeepsPriority: terms.reduceKeepsPriority,
    selfTradeAllowed: terms.selfTradeAllowed,
    referenceFollowsTrades: terms.referenceFollowsTrades,
  };
}

/** An order as the core takes it. */
export function newOrderOf(
  terms: OrderTerms,
  numbers: Pick<NewOrder, 'book' | 'account' | 'orderId'> & { readonly ocoPartner: number },
): NewOrder {
  return {
    kind: 'new_order',
    ...numbers,
    side: terms.side,
    type: terms.orderKind,
    timeInForce: timesInForce[terms.timeInForce],
    price: terms.priceTicks,
    quantity: terms.quantityLots,
    quoteAmount: terms.quoteAmount ?? 0,
    displayQuantity: terms.displayLots ?? 0,
    stopPrice: terms.stopPriceTicks ?? 0,
    expiresAt: terms.expiresAt === undefined ? 0 : epochMsOf(terms.expiresAt),
    stp: terms.selfTradePrevention ?? ('cancel_newest' satisfies StpMode),
    postOnly: terms.postOnly ?? 'no',
  };
}

/** The core's clock: milliseconds since 1970. */
export function epochMsOf(instant: string): number {
  return Date.parse(instant);
}
