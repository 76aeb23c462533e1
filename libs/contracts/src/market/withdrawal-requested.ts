import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** Tokens were taken off a trading account and must leave the escrow. */
export const withdrawalRequested = defineEvent({
  type: 'market.withdrawal-requested',
  schemaVersion: 1,
  data: z.object({
    withdrawalId: id,
    partyId: id,
    seriesId: id,
    quantity: tokenQuantity,
  }),
});
export type WithdrawalRequested = EventOf<typeof withdrawalRequested>;
