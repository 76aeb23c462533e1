import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { dealId, shares } from '../named-fields.js';

export const dealCompleted = defineEvent({
  description: 'Every tranche was accepted; the shares issued equal the shares of the deal.',
  type: 'deals.deal-completed',
  schemaVersion: 1,
  data: z.object({
    dealId,
    shares,
    tokens: described(tokenQuantity, 'The tokens of the deal.', '100000.000000'),
  }),
});
export type DealCompleted = EventOf<typeof dealCompleted>;
