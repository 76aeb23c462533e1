import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** Tokens left an account, drawn from its lots in order. */
export const tokensSent = defineEvent({
  type: 'issuance.tokens-sent',
  schemaVersion: 1,
  data: z.object({
    accountId: id,
    seriesId: id,
    partyId: id,
    movementId: id,
    movement: z.enum(['grant', 'transfer', 'escrow', 'withdrawal']),
    counterPartyId: id,
    quantity: tokenQuantity,
    draws: z.array(z.object({ lotId: id, quantity: tokenQuantity })).max(10_000),
  }),
});
export type TokensSent = EventOf<typeof tokensSent>;
