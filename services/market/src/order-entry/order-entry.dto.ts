import { described, fields, named } from '@specie/contracts';
import { z } from 'zod';
import { execType, ordStatus } from '../order/execution.dto.js';
import { placeOrderRequest, replaceOrderRequest } from '../order/order.dto.js';

/** The client's name of a request; its result bears it. */
const requestId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,36}$/, 'Expected 1 to 36 letters, digits and . _ : -')
  .meta({ description: 'Your name of the request; its result has it too.', examples: ['17'] });

/** An order by the id of either side. */
const orderName = {
  orderId: named.orderId.optional(),
  clientOrderId: described(
    named.clientOrderId,
    'Instead of the orderId: your own reference of the order; the open one, or else the newest.',
  ).optional(),
};

export const orderEntryRequest = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('place'), id: requestId, order: placeOrderRequest }),
  z.strictObject({
    op: z.literal('replace'),
    id: requestId,
    ...orderName,
    change: replaceOrderRequest,
  }),
  z.strictObject({ op: z.literal('cancel'), id: requestId, ...orderName }),
  z.strictObject({
    op: z.literal('cancel-all'),
    id: requestId,
    seriesId: described(named.seriesId, 'Only in this book; all books without it.').optional(),
  }),
  z.strictObject({ op: z.literal('status'), id: requestId, ...orderName }),
  z.strictObject({
    op: z.literal('cancel-on-disconnect'),
    id: requestId,
    enabled: z.boolean().meta({
      description:
        'Whether all open orders of your party are cancelled when its last connection that asked for it ends, also because the service fails.',
    }),
  }),
  z.strictObject({ op: z.literal('ping'), id: requestId }),
]);
export type OrderEntryRequest = z.output<typeof orderEntryRequest>;

/** What became of an order of yours; every connection of your party gets it. */
export const executionReportMessage = z.strictObject({
  type: z.literal('execution-report'),
  orderId: named.orderId,
  clientOrderId: named.clientOrderId.nullable(),
  seriesId: named.seriesId,
  side: named.orderSide,
  execType,
  ordStatus,
  cumQty: described(fields.lots, 'CumQty(14): what is filled.', 1_500),
  leavesQty: described(fields.lots, 'LeavesQty(151): what is not filled yet.', 500),
  avgPx: described(
    fields.moneyQuantity,
    'AvgPx(6): the average price of its fills, in dollars per token; null without a fill.',
    '2.495000',
  ).nullable(),
  lastQty: described(fields.lots, 'LastQty(32), of a trade: how much of it.', 100).optional(),
  lastPx: described(fields.ticks, 'LastPx(31), of a trade: its price in ticks.').optional(),
  tradeId: named.tradeId.optional(),
  fee: described(
    fields.signedMicroDollars,
    'Of a trade: what you paid on it; negative is a rebate.',
  ).optional(),
  reason: described(fields.reasonCode, 'Why it ended.', 'requested').optional(),
  at: described(fields.instant, 'When.'),
});
export type ExecutionReportMessage = z.input<typeof executionReportMessage>;
