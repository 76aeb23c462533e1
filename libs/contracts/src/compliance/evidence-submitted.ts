import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, instant, sha256Hex } from '../fields.js';

/** A document was filed for a party; the document itself never enters the log. */
export const evidenceSubmitted = defineEvent({
  type: 'compliance.evidence-submitted',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    evidenceId: id,
    kind: z.enum(['identity', 'accreditation', 'incorporation', 'beneficial_ownership']),
    documentHash: sha256Hex,
    expiresAt: instant,
    submittedBy: id,
  }),
});
export type EvidenceSubmitted = EventOf<typeof evidenceSubmitted>;
