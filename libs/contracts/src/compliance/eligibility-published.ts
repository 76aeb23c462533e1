import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { accredited, actions, partyId, validUntil } from '../named-fields.js';

export const eligibilityPublished = defineEvent({
  description:
    'What a party may do, and until when. Other services refuse what this does not allow (fail closed).',
  type: 'compliance.eligibility-published',
  schemaVersion: 1,
  data: z.object({
    partyId,
    actions,
    accredited,
    validUntil,
  }),
});
export type EligibilityPublished = EventOf<typeof eligibilityPublished>;
