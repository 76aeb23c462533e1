import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode, tokenQuantity } from '../fields.js';
import { partyId, seriesId, withdrawalId } from '../named-fields.js';

export const withdrawalReverted = defineEvent({
  description: 'The escrow refused; the trading account has the tokens again.',
  type: 'market.withdrawal-reverted',
  schemaVersion: 1,
  data: z.object({
    withdrawalId,
    partyId,
    seriesId,
    quantity: described(tokenQuantity, 'How much is back in the trading account.'),
    reason: described(reasonCode, 'Why the issuer refused.'),
  }),
});
export type WithdrawalReverted = EventOf<typeof withdrawalReverted>;
