import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  orderId,
  orderKind,
  orderSide,
  partyId,
  priceTicks,
  quantityLots,
  seriesId,
  timeInForce,
} from '../named-fields.js';

export const orderAccepted = defineEvent({
  description:
    "An order entered the book; cash or tokens are reserved for it. `reserved` is the sum over its lots: micro-dollars for a buy (price plus the rounded-up worst fee of one lot, times the lots), micro-tokens for a sell. What is still reserved later is `reserved / quantityLots` times the leaves. A market order's price is its protection price.",
  type: 'market.order-accepted',
  schemaVersion: 1,
  data: z.object({
    orderId,
    orderNumber: z
      .int()
      .min(1)
      .meta({ description: 'Orders of the shard, counted from 1.', examples: [17] }),
    seriesId,
    partyId,
    side: orderSide,
    kind: orderKind,
    timeInForce,
    priceTicks,
    quantityLots,
    reserved: z
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .meta({
        description:
          'What is set aside for all of its lots: micro-dollars for a buy, micro-tokens for a sell.',
        examples: [50_100_000],
      }),
  }),
});
export type OrderAccepted = EventOf<typeof orderAccepted>;
