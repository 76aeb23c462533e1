import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, instant } from '../fields.js';

/** Tokens entered an account as lots. */
export const tokensReceived = defineEvent({
  type: 'issuance.tokens-received',
  schemaVersion: 1,
  data: z.object({
    accountId: id,
    seriesId: id,
    partyId: id,
    movementId: id,
    movement: z.enum(['mint', 'grant', 'transfer', 'escrow', 'withdrawal']),
    counterPartyId: id,
    quantity: tokenQuantity,
    lots: z
      .array(z.object({ lotId: id, quantity: tokenQuantity, lockupEndsAt: instant.nullable() }))
      .min(1)
      .max(10_000),
  }),
});
export type TokensReceived = EventOf<typeof tokensReceived>;
