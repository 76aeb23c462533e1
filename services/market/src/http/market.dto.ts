import { fields } from '@specie/contracts';
import { pageOf, pageQuery, writeResponse } from '@specie/nest-platform';
import { z } from 'zod';

const side = z.enum(['buy', 'sell']);
const orderKind = z.enum(['limit', 'market']);
const timeInForce = z.enum(['GTC', 'IOC', 'FOK']);
const orderStatus = z.enum(['open', 'filled', 'cancelled']);
const sequence = z.int().min(0);

export const seriesParams = z.strictObject({ seriesId: fields.id });
export const partyParams = z.strictObject({ partyId: fields.id });
export const orderParams = z.strictObject({ orderId: fields.id });
export const withdrawalParams = z.strictObject({ withdrawalId: fields.id });

export const openBookRequest = z.strictObject({
  seriesId: fields.id,
  currency: fields.currency,
  makerFeeBps: fields.bps,
  takerFeeBps: fields.bps,
  minimumLots: fields.lots,
  maximumLots: fields.lots,
});
export const bookResponse = z.strictObject({
  seriesId: fields.id,
  currency: fields.currency,
  makerFeeBps: fields.bps,
  takerFeeBps: fields.bps,
  minimumLots: fields.lots,
  maximumLots: fields.lots,
  openedAt: fields.instant,
});
export const bookStateResponse = bookResponse.extend({
  bestBidTicks: fields.ticks.nullable(),
  bestAskTicks: fields.ticks.nullable(),
  lastPriceTicks: fields.ticks.nullable(),
  lastTradeNumber: sequence,
  openOrders: fields.count,
});
export const booksResponse = pageOf(bookResponse);

export const depthQuery = z.strictObject({
  levels: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .prefault('20'),
});
const depthLevel = z.strictObject({
  priceTicks: fields.ticks,
  lots: z.int().min(1),
  orders: z.int().min(1),
});
export const depthResponse = z.strictObject({
  seriesId: fields.id,
  bids: z.array(depthLevel).max(999),
  asks: z.array(depthLevel).max(999),
});

/** The public tape: what traded, never who. */
export const tapeItem = z.strictObject({
  tradeNumber: sequence,
  takerSide: side,
  priceTicks: fields.ticks,
  quantityLots: fields.lots,
  executedAt: fields.instant,
});
export const tapeResponse = pageOf(tapeItem);

export const cashDepositRequest = z.strictObject({
  depositId: fields.id.optional(),
  partyId: fields.id,
  currency: fields.currency,
  amount: fields.moneyQuantity,
});
export const cashWithdrawalRequest = z.strictObject({
  withdrawalId: fields.id.optional(),
  currency: fields.currency,
  amount: fields.moneyQuantity,
});
export const tokenWithdrawalRequest = z.strictObject({
  withdrawalId: fields.id.optional(),
  seriesId: fields.id,
  quantity: fields.tokenQuantity,
});
export const withdrawalResponse = z.strictObject({
  withdrawalId: fields.id,
  partyId: fields.id,
  seriesId: fields.id,
  quantity: fields.tokenQuantity,
  status: z.enum(['requested', 'completed', 'reverted']),
  reason: fields.reasonCode.nullable(),
  requestedAt: fields.instant,
  endedAt: fields.instant.nullable(),
});

export const balancesResponse = z.strictObject({
  partyId: fields.id,
  cash: z
    .array(
      z.strictObject({
        currency: fields.currency,
        available: fields.moneyQuantity,
        reserved: fields.moneyQuantity,
      }),
    )
    .max(1),
  tokens: z
    .array(
      z.strictObject({
        seriesId: fields.id,
        available: fields.tokenQuantity,
        reserved: fields.tokenQuantity,
      }),
    )
    .max(10_000),
});
export const feesResponse = z.strictObject({
  fees: z.array(z.strictObject({ currency: fields.currency, earned: fields.moneyQuantity })).max(8),
});

export const placeOrderRequest = z.strictObject({
  orderId: fields.id.optional(),
  seriesId: fields.id,
  side,
  kind: orderKind,
  timeInForce,
  priceTicks: fields.ticks,
  quantityLots: fields.lots,
});
export const placeOrderResponse = writeResponse.extend({
  status: orderStatus,
  filledLots: fields.lots,
  leavesLots: fields.lots,
});
export const cancelOrdersResponse = writeResponse.extend({ cancelled: fields.count });

/** Whose, where several parties gave their order or withdrawal the same id; your own unless you may see others'. */
export const ownerQuery = z.strictObject({ partyId: fields.id.optional() });

export const ordersQuery = pageQuery.extend({
  status: orderStatus.optional(),
  seriesId: fields.id.optional(),
  partyId: fields.id.optional(),
});
export const orderResponse = z.strictObject({
  orderId: fields.id,
  orderNumber: sequence,
  seriesId: fields.id,
  partyId: fields.id,
  side,
  kind: orderKind,
  timeInForce,
  priceTicks: fields.ticks,
  quantityLots: fields.lots,
  filledLots: fields.lots,
  leavesLots: fields.lots,
  status: orderStatus,
  cancelReason: fields.reasonCode.nullable(),
  acceptedAt: fields.instant,
});
/** What was asked for is null in an order that was refused before it was kept. */
export const refusedOrderResponse = z.strictObject({
  orderId: fields.id,
  seriesId: fields.id,
  partyId: fields.id,
  status: z.literal('refused'),
  refusalReason: fields.reasonCode,
  side: side.nullable(),
  kind: orderKind.nullable(),
  timeInForce: timeInForce.nullable(),
  priceTicks: fields.ticks.nullable(),
  quantityLots: fields.lots.nullable(),
  refusedAt: fields.instant,
});
export const oneOrderResponse = z.discriminatedUnion('status', [
  orderResponse,
  refusedOrderResponse,
]);
export const ordersResponse = pageOf(orderResponse);

export const tradesQuery = pageQuery.extend({
  seriesId: fields.id.optional(),
  partyId: fields.id.optional(),
});
export const tradeResponse = z.strictObject({
  tradeId: fields.id,
  tradeNumber: sequence,
  seriesId: fields.id,
  makerOrderId: fields.id,
  takerOrderId: fields.id,
  takerSide: side,
  buyerPartyId: fields.id,
  sellerPartyId: fields.id,
  priceTicks: fields.ticks,
  quantityLots: fields.lots,
  notional: fields.moneyQuantity,
  buyerFee: fields.moneyQuantity,
  sellerFee: fields.moneyQuantity,
  executedAt: fields.instant,
});
export const tradesResponse = pageOf(tradeResponse);

/** Where a newest-first page goes on. */
export const numberCursor = z.strictObject({ before: z.int().min(0) });
export const seriesCursor = z.strictObject({ after: fields.id });

export type PlaceOrderResponse = z.output<typeof placeOrderResponse>;
export type RefusedOrderResponse = z.output<typeof refusedOrderResponse>;
export type OrderResponse = z.output<typeof orderResponse>;
export type TradeResponse = z.output<typeof tradeResponse>;
