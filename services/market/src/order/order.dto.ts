import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, writeResponse } from '@specie/nest-platform';
import { z } from 'zod';
import type { OrderRow } from '../shard/shard.table.js';
import { sequence } from '../trade/trade.dto.js';
import type { RefusedOrderRow } from '../shard/shard.table.js';

const orderStatus = z.enum(['open', 'filled', 'cancelled']).meta({
  description: '`open`: some of it waits in the book; `cancelled`: the rest left it unfilled.',
});

export const orderParams = z.strictObject({ orderId: named.orderId });

export const placeOrderRequest = z.strictObject({
  orderId: chosenId(named.orderId),
  seriesId: named.seriesId,
  side: named.orderSide,
  kind: named.orderKind,
  timeInForce: named.timeInForce,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
});
export const placeOrderResponse = writeResponse.extend({
  status: orderStatus,
  filledLots: described(fields.lots, 'What is filled.', 1500),
  leavesLots: named.leavesLots,
});
export const cancelOrdersResponse = writeResponse.extend({
  cancelled: described(fields.count, 'How many orders were cancelled.', 3),
});

export const ordersQuery = pageQuery.extend({
  status: orderStatus.optional(),
  seriesId: named.seriesId.optional(),
  partyId: named.partyId.optional(),
});
export const orderResponse = z.strictObject({
  orderId: named.orderId,
  orderNumber: described(sequence, 'Orders of the shard, counted from 1.', 17),
  seriesId: named.seriesId,
  partyId: named.partyId,
  side: named.orderSide,
  kind: named.orderKind,
  timeInForce: named.timeInForce,
  priceTicks: named.priceTicks,
  quantityLots: named.quantityLots,
  filledLots: described(fields.lots, 'What is filled.', 1500),
  leavesLots: named.leavesLots,
  status: orderStatus,
  cancelReason: described(
    fields.reasonCode,
    'Why the rest left the book; null otherwise.',
    'requested',
  ).nullable(),
  acceptedAt: described(fields.instant, 'When the order was accepted.'),
});
/** What was asked for is null in an order that was refused before it was kept. */
export const refusedOrderResponse = z.strictObject({
  orderId: named.orderId,
  seriesId: named.seriesId,
  partyId: named.partyId,
  status: z.literal('refused').meta({ description: 'The order was refused.' }),
  refusalReason: described(fields.reasonCode, 'Why.', 'insufficient_cash'),
  side: named.orderSide.nullable(),
  kind: named.orderKind.nullable(),
  timeInForce: named.timeInForce.nullable(),
  priceTicks: named.priceTicks.nullable(),
  quantityLots: named.quantityLots.nullable(),
  refusedAt: described(fields.instant, 'When.'),
});
export const oneOrderResponse = z.discriminatedUnion('status', [
  orderResponse,
  refusedOrderResponse,
]);
export const ordersResponse = pageOf(orderResponse);

export function toOrderResponse(row: OrderRow): z.output<typeof orderResponse> {
  return {
    orderId: row.orderId,
    orderNumber: row.orderNumber,
    seriesId: row.seriesId,
    partyId: row.partyId,
    side: row.side,
    kind: row.kind,
    timeInForce: row.timeInForce,
    priceTicks: row.priceTicks,
    quantityLots: row.quantityLots,
    filledLots: row.filledLots,
    leavesLots: row.leavesLots,
    status: row.status,
    cancelReason: row.cancelReason,
    acceptedAt: row.acceptedAt.toISOString(),
  };
}

export function toRefusedOrderResponse(
  row: RefusedOrderRow,
): z.output<typeof refusedOrderResponse> {
  return {
    orderId: row.orderId,
    seriesId: row.seriesId,
    partyId: row.partyId,
    status: 'refused',
    refusalReason: row.reason,
    side: row.side,
    kind: row.kind,
    timeInForce: row.timeInForce,
    priceTicks: row.priceTicks,
    quantityLots: row.quantityLots,
    refusedAt: row.refusedAt.toISOString(),
  };
}
