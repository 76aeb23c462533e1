import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, lots, ticks, microDollars } from '../fields.js';

/** An order entered the book; cash or tokens are reserved for it. */
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
