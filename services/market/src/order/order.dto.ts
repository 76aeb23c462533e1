import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, writeResponse } from '@specie/nest-platform';
import { microMoney } from '@specie/quantities';
import { z } from 'zod';
import type { OrderRow, RefusedOrderRow } from '../shard/shard.table.js';
import { sequence } from '../trade/trade.dto.js';
import { execution, executionOf } from './execution.dto.js';

const orderStatus = z.enum(['open', 'filled', 'cancelled']).meta({
  description: '`open`: some of it waits in the book; `cancelled`: the rest left it unfilled.',
});
const quoteAmount = described(
  fields.moneyQuantity.refine(
    (amount) => amount <= Number.MAX_SAFE_INTEGER,
    'Expected at most 9007199254.740991.',
  ),
  'A market order by amount: how much to spend or to raise.',
  '50.000000',
);

export const orderParams = z.strictObject({ orderId: named.orderId });

export const placeOrderRequest = z.strictObject({
  orderId: chosenId(named.orderId),
  clientOrderId: named.clientOrderId.optional(),
  seriesId: named.seriesId,
  side: named.orderSide,
  kind: named.orderKind,
  timeInForce: named.timeInForce,
  priceTicks: named.priceTicks.default(0),
  quantityLots: named.quantityLots.default(0),
  quoteAmount: quoteAmount.optional(),
  displayLots: named.displayLots.optional(),
  stopPriceTicks: named.stopPriceTicks.optional(),
  expiresAt: named.expiresAt.optional(),
  selfTradePrevention: named.selfTradePrevention.default('cancel_newest'),
  postOnly: named.postOnly.optional(),
  ocoOrderId: named.ocoOrderId.optional(),
});
export const placeOrderResponse = writeResponse.extend({
  status: orderStatus,
  filledLots: named.filledLots,
  leavesLots: named.leavesLots,
  execution,
});
export const replaceOrderRequest = z.strictObject({
  priceTicks: named.priceTicks.default(0),
  quantityLots: described(
    named.quantityLots,
    'The new total, what is filled included; no more than that ends the order.',
  ),
  stopPriceTicks: named.stopPriceTicks.optional(),
});
export const replaceOrderResponse = placeOrderResponse.extend({
  keptPriority: z.boolean().meta({ description: 'Whether the order kept its place in the queue.' }),
});
export const cancelOrdersQuery = z.strictObject({
  seriesId: described(named.seriesId, 'Only in this book; all books without it.').optional(),
});
export const cancelOrdersResponse = writeResponse.extend({
  cancelled: described(fields.count, 'How many orders were cancelled.', 3),
});

export const ordersQuery = pageQuery.extend({
  status: orderStatus.optional(),
  seriesId: named.seriesId.optional(),
  partyId: named.partyId.optional(),
  clientOrderId: named.clientOrderId.optional(),
});

const rareTerms = {
  clientOrderId: named.clientOrderId.nullable(),
  quoteAmount: quoteAmount.nullable(),
  displayLots: named.displayLots.nullable(),
  stopPriceTicks: named.stopPriceTicks.nullable(),
  expiresAt: named.expiresAt.nullable(),
  selfTradePrevention: named.selfTradePrevention,
  postOnly: named.postOnly.nullable(),
  ocoOrderId: named.ocoOrderId.nullable(),
};
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
  filledLots: named.filledLots,
  leavesLots: named.leavesLots,
  status: orderStatus,
  cancelReason: described(
    fields.reasonCode,
    'Why the rest left the book; null otherwise.',
    'requested',
  ).nullable(),
  acceptedAt: described(fields.instant, 'When the order was accepted.'),
  ...rareTerms,
  execution,
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
  ...rareTerms,
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
    ...toRareTerms(row),
    execution: executionOf(row),
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
    ...toRareTerms(row),
  };
}

function toRareTerms(row: OrderRow | RefusedOrderRow) {
  return {
    clientOrderId: row.clientOrderId,
    quoteAmount: row.quoteAmount === null ? null : microMoney(BigInt(row.quoteAmount)),
    displayLots: row.displayLots,
    stopPriceTicks: row.stopPriceTicks,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    selfTradePrevention: row.selfTradePrevention ?? ('cancel_newest' as const),
    postOnly: row.postOnly,
    ocoOrderId: row.ocoOrderId,
  };
}
