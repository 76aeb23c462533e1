import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex } from '../fields.js';

/** A second person approved the party on exactly the evidence hashed here (four eyes). */
export const partyApproved = defineEvent({
  type: 'compliance.party-approved',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    approvedBy: id,
    evidenceHash: sha256Hex,
  }),
});
export type PartyApproved = EventOf<typeof partyApproved>;
