import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, instant } from '../fields.js';

/** Tokens are set aside for a redemption; the draws are pinned now. */
export const tokensHeld = defineEvent({
  type: 'issuance.tokens-held',
  schemaVersion: 1,
  data: z.object({
    accountId: id,
    seriesId: id,
    partyId: id,
    holdId: id,
    quantity: tokenQuantity,
    draws: z.array(z.object({ lotId: id, quantity: tokenQuantity })).max(10_000),
    expiresAt: instant,
  }),
});
export type TokensHeld = EventOf<typeof tokensHeld>;
