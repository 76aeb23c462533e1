import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { accountId, captureId, holdId, partyId, seriesId } from '../named-fields.js';

export const holdCaptured = defineEvent({
  description: 'Held tokens were used up by metered GPU time and are burned.',
  type: 'issuance.hold-captured',
  schemaVersion: 1,
  data: z.object({
    accountId,
    seriesId,
    partyId,
    holdId,
    captureId,
    quantity: described(tokenQuantity, 'How much was burned.'),
  }),
});
export type HoldCaptured = EventOf<typeof holdCaptured>;
