import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode } from '../fields.js';
import { holdId, partyId, seriesId } from '../named-fields.js';

export const holdRefused = defineEvent({
  description: 'A redemption could not be backed by tokens.',
  type: 'issuance.hold-refused',
  schemaVersion: 1,
  data: z.object({
    holdId,
    seriesId,
    partyId,
    reason: described(reasonCode, 'Why.', 'insufficient_tokens'),
  }),
});
export type HoldRefused = EventOf<typeof holdRefused>;
