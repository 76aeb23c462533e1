import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, lots, reasonCode, ticks } from '../fields.js';

/**
 * An order was refused; the refusal is provable later. What it asked for came later and is missing in the oldest: with
 * it, the same order sent again can be told from another one under its id.
 */
export const orderRefused = defineEvent({
  type: 'market.order-refused',
  schemaVersion: 1,
  data: z.object({
    orderId: id,
    seriesId: id,
    partyId: id,
    reason: reasonCode,
    side: z.enum(['buy', 'sell']).optional(),
    kind: z.enum(['limit', 'market']).optional(),
    timeInForce: z.enum(['GTC', 'IOC', 'FOK']).optional(),
    priceTicks: ticks.optional(),
    quantityLots: lots.optional(),
  }),
});
export type OrderRefused = EventOf<typeof orderRefused>;
