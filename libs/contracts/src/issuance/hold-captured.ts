import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** Held tokens were used up by metered GPU time and are burned. */
export const holdCaptured = defineEvent({
  type: 'issuance.hold-captured',
  schemaVersion: 1,
  data: z.object({
    accountId: id,
    seriesId: id,
    partyId: id,
    holdId: id,
    captureId: id,
    quantity: tokenQuantity,
  }),
});
export type HoldCaptured = EventOf<typeof holdCaptured>;
