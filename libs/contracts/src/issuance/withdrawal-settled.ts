import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** Tokens left the market escrow for the account of their owner. */
export const withdrawalSettled = defineEvent({
  type: 'issuance.withdrawal-settled',
  schemaVersion: 1,
  data: z.object({
    withdrawalId: id,
    seriesId: id,
    partyId: id,
    quantity: tokenQuantity,
  }),
});
export type WithdrawalSettled = EventOf<typeof withdrawalSettled>;
