import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  filledLots,
  leavesLots,
  orderId,
  partyId,
  quantityLots,
  seriesId,
} from '../named-fields.js';

export const orderRestated = defineEvent({
  description: 'Self-trade prevention took quantity from an order; the rest of it stays open.',
  type: 'market.order-restated',
  schemaVersion: 1,
  data: z.object({ orderId, seriesId, partyId, quantityLots, filledLots, leavesLots }),
});
export type OrderRestated = EventOf<typeof orderRestated>;
