import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** What was left of a hold is available again; the hold is closed. */
export const holdReleased = defineEvent({
  type: 'issuance.hold-released',
  schemaVersion: 1,
  data: z.object({
    accountId: id,
    seriesId: id,
    partyId: id,
    holdId: id,
    quantity: tokenQuantity,
  }),
});
export type HoldReleased = EventOf<typeof holdReleased>;
