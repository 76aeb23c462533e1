import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { partyId, seriesId, withdrawalId } from '../named-fields.js';

export const withdrawalRequested = defineEvent({
  description: 'Tokens were taken off a trading account and must leave the escrow.',
  type: 'market.withdrawal-requested',
  schemaVersion: 1,
  data: z.object({
    withdrawalId,
    partyId,
    seriesId,
    quantity: described(tokenQuantity, 'How much is to be withdrawn.'),
  }),
});
export type WithdrawalRequested = EventOf<typeof withdrawalRequested>;
