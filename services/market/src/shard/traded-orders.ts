import type { TradeExecuted } from '@specie/contracts';

/** An order is named by its owner and the id that the owner chose. */
export interface OrderName {
  readonly partyId: string;
  readonly orderId: string;
}

/** The two orders of a trade. */
export function tradedOrders({
  takerSide,
  makerOrderId,
  takerOrderId,
  buyerPartyId,
  sellerPartyId,
}: TradeExecuted['data']): Readonly<Record<'buy' | 'sell', OrderName>> {
  const takerBuys = takerSide === 'buy';
  return {
    buy: { partyId: buyerPartyId, orderId: takerBuys ? takerOrderId : makerOrderId },
    sell: { partyId: sellerPartyId, orderId: takerBuys ? makerOrderId : takerOrderId },
  };
}
