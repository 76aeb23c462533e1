import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** A side withdrew from a deal that was not active yet; nothing of it can be done any more. */
export const dealCancelled = defineEvent({
  type: 'deals.deal-cancelled',
  schemaVersion: 1,
  data: z.object({ dealId: id, side: z.enum(['provider', 'company']), partyId: id }),
});
export type DealCancelled = EventOf<typeof dealCancelled>;
