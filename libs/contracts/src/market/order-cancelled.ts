import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { leavesLots, orderId, partyId, seriesId } from '../named-fields.js';

export const orderCancelled = defineEvent({
  description: 'The rest of an order left the book and its reservation was returned.',
  type: 'market.order-cancelled',
  schemaVersion: 1,
  data: z.object({
    orderId,
    seriesId,
    partyId,
    leavesLots,
    reason: z
      .enum([
        'requested',
        'immediate_or_cancel',
        'fill_or_kill',
        'self_trade_prevented',
        'ineligible',
        'kill_switch',
      ])
      .meta({ description: 'Why the rest left the book.' }),
  }),
});
export type OrderCancelled = EventOf<typeof orderCancelled>;
