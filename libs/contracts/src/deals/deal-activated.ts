import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { dealId } from '../named-fields.js';

export const dealActivated = defineEvent({
  description:
    'Signed by both, approved by the board, both sides eligible: tranches may be opened.',
  type: 'deals.deal-activated',
  schemaVersion: 1,
  data: z.object({
    dealId,
  }),
});
export type DealActivated = EventOf<typeof dealActivated>;
