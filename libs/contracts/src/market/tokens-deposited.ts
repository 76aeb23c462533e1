import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { id, tokenQuantity } from '../fields.js';
import { partyId, seriesId } from '../named-fields.js';

export const tokensDeposited = defineEvent({
  description: 'Escrowed tokens were credited to a trading account.',
  type: 'market.tokens-deposited',
  schemaVersion: 1,
  data: z.object({
    escrowId: described(id, 'The movement into the escrow that was credited.'),
    partyId,
    seriesId,
    quantity: described(tokenQuantity, 'How much was credited.'),
  }),
});
export type TokensDeposited = EventOf<typeof tokensDeposited>;
