import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { partyId, seriesId, withdrawalId } from '../named-fields.js';

export const withdrawalCompleted = defineEvent({
  description: 'The escrow released the tokens of a withdrawal.',
  type: 'market.withdrawal-completed',
  schemaVersion: 1,
  data: z.object({
    withdrawalId,
    partyId,
    seriesId,
    quantity: described(tokenQuantity, 'How much was withdrawn.'),
  }),
});
export type WithdrawalCompleted = EventOf<typeof withdrawalCompleted>;
