import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex, country } from '../fields.js';

/** A party exists; who it is stays in the compliance database, only a keyed hash of the name is public. */
export const partyRegistered = defineEvent({
  type: 'compliance.party-registered',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    kind: z.enum(['person', 'company', 'fund', 'provider']),
    country,
    nameHash: sha256Hex,
    /** Keyed hash of everything that was filed about who the party is; absent in older events. */
    particularsHash: sha256Hex.optional(),
    /** Who entered the party; never the one who approves it. */
    registeredBy: id,
  }),
});
export type PartyRegistered = EventOf<typeof partyRegistered>;
