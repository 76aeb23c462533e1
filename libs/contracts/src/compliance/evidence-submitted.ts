import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  documentHash,
  evidenceExpiresAt,
  evidenceId,
  evidenceKind,
  partyId,
  submittedBy,
} from '../named-fields.js';

export const evidenceSubmitted = defineEvent({
  description: 'A document was filed for a party; the document itself never enters the log.',
  type: 'compliance.evidence-submitted',
  schemaVersion: 1,
  data: z.object({
    partyId,
    evidenceId,
    kind: evidenceKind,
    documentHash,
    expiresAt: evidenceExpiresAt,
    submittedBy,
  }),
});
export type EvidenceSubmitted = EventOf<typeof evidenceSubmitted>;
