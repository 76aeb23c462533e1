import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** The freeze ended; eligibility is published anew. */
export const partyUnfrozen = defineEvent({
  type: 'compliance.party-unfrozen',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    unfrozenBy: id,
  }),
});
export type PartyUnfrozen = EventOf<typeof partyUnfrozen>;
