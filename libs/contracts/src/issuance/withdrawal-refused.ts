import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, reasonCode } from '../fields.js';

/** A withdrawal from the market could not be settled; the trading account gets the tokens back. */
export const withdrawalRefused = defineEvent({
  type: 'issuance.withdrawal-refused',
  schemaVersion: 1,
  data: z.object({
    withdrawalId: id,
    seriesId: id,
    partyId: id,
    quantity: tokenQuantity,
    reason: reasonCode,
  }),
});
export type WithdrawalRefused = EventOf<typeof withdrawalRefused>;
