import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** Signed by both, approved by the board, both sides eligible: tranches may be opened. */
export const dealActivated = defineEvent({
  type: 'deals.deal-activated',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
  }),
});
export type DealActivated = EventOf<typeof dealActivated>;
