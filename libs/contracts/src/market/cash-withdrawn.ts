import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { moneyQuantity, id, currency } from '../fields.js';

/** Cash left a trading account. */
export const cashWithdrawn = defineEvent({
  type: 'market.cash-withdrawn',
  schemaVersion: 1,
  data: z.object({
    withdrawalId: id,
    partyId: id,
    currency,
    amount: moneyQuantity,
  }),
});
export type CashWithdrawn = EventOf<typeof cashWithdrawn>;
