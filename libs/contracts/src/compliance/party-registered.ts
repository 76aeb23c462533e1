import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { country, sha256Hex } from '../fields.js';
import { partyId, partyKind, registeredBy } from '../named-fields.js';

export const partyRegistered = defineEvent({
  description:
    'A party exists; who it is stays in the compliance database, only a keyed hash of the name is public.',
  type: 'compliance.party-registered',
  schemaVersion: 1,
  data: z.object({
    partyId,
    kind: partyKind,
    country,
    nameHash: described(sha256Hex, 'A keyed hash of the name.'),
    particularsHash: described(
      sha256Hex,
      'A keyed hash of everything that was filed about who the party is; absent in older events.',
    ).optional(),
    registeredBy,
  }),
});
export type PartyRegistered = EventOf<typeof partyRegistered>;
