import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import {
  accountId,
  counterPartyId,
  draws,
  movementId,
  partyId,
  seriesId,
} from '../named-fields.js';

export const tokensSent = defineEvent({
  description: 'Tokens left an account, drawn from its lots in order.',
  type: 'issuance.tokens-sent',
  schemaVersion: 1,
  data: z.object({
    accountId,
    seriesId,
    partyId,
    movementId,
    movement: z
      .enum(['grant', 'transfer', 'escrow', 'withdrawal'])
      .meta({ description: 'Why they left.' }),
    counterPartyId,
    quantity: described(tokenQuantity, 'How much left the account.'),
    draws,
  }),
});
export type TokensSent = EventOf<typeof tokensSent>;
