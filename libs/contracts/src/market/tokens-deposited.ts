import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** Escrowed tokens were credited to a trading account. */
export const tokensDeposited = defineEvent({
  type: 'market.tokens-deposited',
  schemaVersion: 1,
  data: z.object({
    escrowId: id,
    partyId: id,
    seriesId: id,
    quantity: tokenQuantity,
  }),
});
export type TokensDeposited = EventOf<typeof tokensDeposited>;
