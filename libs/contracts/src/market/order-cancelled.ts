import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { leavesLots, orderId, partyId, seriesId } from '../named-fields.js';

export const orderCancelled = defineEvent({
  description: 'The rest of an order left the book and its reservation was returned.',
  type: 'market.order-cancelled',
  schemaVersion: 2,
  data: z.object({
    orderId,
    seriesId,
    partyId,
    leavesLots,
    reason: z
      .enum([
        'requested',
        'mass_cancel',
        'kill_switch',
        'ineligible',
        'disconnected',
        'immediate_or_cancel',
        'fill_or_kill',
        'no_liquidity',
        'quote_spent',
        'self_trade_prevented',
        'oco',
        'expired_day',
        'expired_time',
        'auction_remainder',
        'price_outside_band',
      ])
      .meta({ description: 'Why the rest left the book.' }),
  }),
  upcasters: { 1: (data) => data },
});
export type OrderCancelled = EventOf<typeof orderCancelled>;
