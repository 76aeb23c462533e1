import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { id, reasonCode } from '../fields.js';
import { partyId } from '../named-fields.js';

export const partyFrozen = defineEvent({
  description: 'Everything the party may do is suspended.',
  type: 'compliance.party-frozen',
  schemaVersion: 1,
  data: z.object({
    partyId,
    frozenBy: described(id, 'The officer who froze the party.'),
    reason: described(reasonCode, 'Why, as a code.', 'court_order'),
  }),
});
export type PartyFrozen = EventOf<typeof partyFrozen>;
