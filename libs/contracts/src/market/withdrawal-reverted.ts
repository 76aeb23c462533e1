import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, reasonCode } from '../fields.js';

/** The escrow refused; the trading account has the tokens again. */
export const withdrawalReverted = defineEvent({
  type: 'market.withdrawal-reverted',
  schemaVersion: 1,
  data: z.object({
    withdrawalId: id,
    partyId: id,
    seriesId: id,
    quantity: tokenQuantity,
    reason: reasonCode,
  }),
});
export type WithdrawalReverted = EventOf<typeof withdrawalReverted>;
