import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode, tokenQuantity } from '../fields.js';
import { partyId, seriesId, withdrawalId } from '../named-fields.js';

export const withdrawalRefused = defineEvent({
  description:
    'A withdrawal from the market could not be settled; the trading account gets the tokens back.',
  type: 'issuance.withdrawal-refused',
  schemaVersion: 1,
  data: z.object({
    withdrawalId,
    seriesId,
    partyId,
    quantity: described(tokenQuantity, 'How much stays in escrow.'),
    reason: described(reasonCode, 'Why.'),
  }),
});
export type WithdrawalRefused = EventOf<typeof withdrawalRefused>;
