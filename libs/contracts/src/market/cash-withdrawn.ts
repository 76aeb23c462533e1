import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { currency, moneyQuantity } from '../fields.js';
import { partyId, withdrawalId } from '../named-fields.js';

export const cashWithdrawn = defineEvent({
  description: 'Cash left a trading account.',
  type: 'market.cash-withdrawn',
  schemaVersion: 1,
  data: z.object({
    withdrawalId,
    partyId,
    currency,
    amount: described(moneyQuantity, 'How much went out.', '500.000000'),
  }),
});
export type CashWithdrawn = EventOf<typeof cashWithdrawn>;
