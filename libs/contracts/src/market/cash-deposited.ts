import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { currency, moneyQuantity } from '../fields.js';
import { depositId, partyId } from '../named-fields.js';

export const cashDeposited = defineEvent({
  description: 'Cash arrived for a trading account.',
  type: 'market.cash-deposited',
  schemaVersion: 1,
  data: z.object({
    depositId,
    partyId,
    currency,
    amount: described(moneyQuantity, 'How much came in.', '10000.000000'),
  }),
});
export type CashDeposited = EventOf<typeof cashDeposited>;
