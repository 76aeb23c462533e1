import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, reasonCode } from '../fields.js';

/** An order was refused; the refusal is provable later. */
export const orderRefused = defineEvent({
  type: 'market.order-refused',
  schemaVersion: 1,
  data: z.object({
    orderId: id,
    seriesId: id,
    partyId: id,
    reason: reasonCode,
  }),
});
export type OrderRefused = EventOf<typeof orderRefused>;
