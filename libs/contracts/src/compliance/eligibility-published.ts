import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, instant } from '../fields.js';

/** What a party may do, and until when. Other services refuse what this does not allow (fail closed). */
export const eligibilityPublished = defineEvent({
  type: 'compliance.eligibility-published',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    actions: z.array(z.enum(['issue', 'grant', 'deal', 'trade', 'transfer', 'redeem'])).max(6),
    accredited: z.boolean(),
    validUntil: instant,
  }),
});
export type EligibilityPublished = EventOf<typeof eligibilityPublished>;
