import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { id } from '../fields.js';
import { partyId } from '../named-fields.js';

export const partyUnfrozen = defineEvent({
  description: 'The freeze ended; eligibility is published again.',
  type: 'compliance.party-unfrozen',
  schemaVersion: 1,
  data: z.object({
    partyId,
    unfrozenBy: described(id, 'The officer who ended the freeze.'),
  }),
});
export type PartyUnfrozen = EventOf<typeof partyUnfrozen>;
