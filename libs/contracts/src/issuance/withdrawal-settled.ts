import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { partyId, seriesId, withdrawalId } from '../named-fields.js';

export const withdrawalSettled = defineEvent({
  description: 'Tokens left the market escrow for the account of their owner.',
  type: 'issuance.withdrawal-settled',
  schemaVersion: 1,
  data: z.object({
    withdrawalId,
    seriesId,
    partyId,
    quantity: described(tokenQuantity, 'How much left the escrow.'),
  }),
});
export type WithdrawalSettled = EventOf<typeof withdrawalSettled>;
