import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, lots, ticks, microDollars } from '../fields.js';

/**
 * An order entered the book; cash or tokens are reserved for it. `reserved` is the sum over its lots: micro-dollars
 * for a buy (price plus the rounded-up worst fee of one lot, times the lots), micro-tokens for a sell. What is still
 * reserved later is `reserved / quantityLots` times the leaves. A market order's price is its protection price.
 */
export const orderAccepted = defineEvent({
  type: 'market.order-accepted',
  schemaVersion: 1,
  data: z.object({
    orderId: id,
    orderNumber: z.int().min(1),
    seriesId: id,
    partyId: id,
    side: z.enum(['buy', 'sell']),
    kind: z.enum(['limit', 'market']),
    timeInForce: z.enum(['GTC', 'IOC', 'FOK']),
    priceTicks: ticks,
    quantityLots: lots,
    reserved: microDollars,
  }),
});
export type OrderAccepted = EventOf<typeof orderAccepted>;
