import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { sha256Hex } from '../fields.js';
import { approvedBy, partyId } from '../named-fields.js';

export const partyApproved = defineEvent({
  description:
    'A second person approved the party on exactly the evidence hashed here (four eyes).',
  type: 'compliance.party-approved',
  schemaVersion: 1,
  data: z.object({
    partyId,
    approvedBy,
    evidenceHash: described(sha256Hex, 'The hash of all evidence on file that the approver saw.'),
  }),
});
export type PartyApproved = EventOf<typeof partyApproved>;
