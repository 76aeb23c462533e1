import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, reasonCode } from '../fields.js';

/** Everything the party may do is suspended. */
export const partyFrozen = defineEvent({
  type: 'compliance.party-frozen',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    frozenBy: id,
    reason: reasonCode,
  }),
});
export type PartyFrozen = EventOf<typeof partyFrozen>;
