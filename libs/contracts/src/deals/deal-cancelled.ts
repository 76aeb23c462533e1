import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { dealId, partyId, side } from '../named-fields.js';

export const dealCancelled = defineEvent({
  description:
    'A side withdrew from a deal that was not active yet; nothing of it can be done any more.',
  type: 'deals.deal-cancelled',
  schemaVersion: 1,
  data: z.object({ dealId, side, partyId: described(partyId, 'Who cancelled.') }),
});
export type DealCancelled = EventOf<typeof dealCancelled>;
