import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** The escrow released the tokens of a withdrawal. */
export const withdrawalCompleted = defineEvent({
  type: 'market.withdrawal-completed',
  schemaVersion: 1,
  data: z.object({
    withdrawalId: id,
    partyId: id,
    seriesId: id,
    quantity: tokenQuantity,
  }),
});
export type WithdrawalCompleted = EventOf<typeof withdrawalCompleted>;
