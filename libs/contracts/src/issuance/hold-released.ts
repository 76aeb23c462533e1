import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { accountId, holdId, partyId, seriesId } from '../named-fields.js';

export const holdReleased = defineEvent({
  description: 'What was left of a hold is available again; the hold is closed.',
  type: 'issuance.hold-released',
  schemaVersion: 1,
  data: z.object({
    accountId,
    seriesId,
    partyId,
    holdId,
    quantity: described(tokenQuantity, 'How much is available again.'),
  }),
});
export type HoldReleased = EventOf<typeof holdReleased>;
