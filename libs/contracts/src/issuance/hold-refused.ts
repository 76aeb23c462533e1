import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, reasonCode } from '../fields.js';

/** A redemption could not be backed by tokens. */
export const holdRefused = defineEvent({
  type: 'issuance.hold-refused',
  schemaVersion: 1,
  data: z.object({
    holdId: id,
    seriesId: id,
    partyId: id,
    reason: reasonCode,
  }),
});
export type HoldRefused = EventOf<typeof holdRefused>;
