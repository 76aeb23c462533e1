import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, shareQuantity, id } from '../fields.js';

/** Every tranche was accepted; the shares issued equal the shares of the deal. */
export const dealCompleted = defineEvent({
  type: 'deals.deal-completed',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    shares: shareQuantity,
    tokens: tokenQuantity,
  }),
});
export type DealCompleted = EventOf<typeof dealCompleted>;
