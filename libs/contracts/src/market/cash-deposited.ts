import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { moneyQuantity, id, currency } from '../fields.js';

/** Cash arrived for a trading account. */
export const cashDeposited = defineEvent({
  type: 'market.cash-deposited',
  schemaVersion: 1,
  data: z.object({
    depositId: id,
    partyId: id,
    currency,
    amount: moneyQuantity,
  }),
});
export type CashDeposited = EventOf<typeof cashDeposited>;
