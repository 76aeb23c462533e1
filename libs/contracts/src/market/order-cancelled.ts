import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, lots } from '../fields.js';

/** The rest of an order left the book and its reservation was returned. */
export const orderCancelled = defineEvent({
  type: 'market.order-cancelled',
  schemaVersion: 1,
  data: z.object({
    orderId: id,
    seriesId: id,
    partyId: id,
    leavesLots: lots,
    reason: z.enum([
      'requested',
      'immediate_or_cancel',
      'fill_or_kill',
      'self_trade_prevented',
      'ineligible',
      'kill_switch',
    ]),
  }),
});
export type OrderCancelled = EventOf<typeof orderCancelled>;
