import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import {
  accountId,
  counterPartyId,
  lockupEndsAt,
  lotId,
  movementId,
  partyId,
  seriesId,
} from '../named-fields.js';

export const tokensReceived = defineEvent({
  description: 'Tokens entered an account as lots.',
  type: 'issuance.tokens-received',
  schemaVersion: 1,
  data: z.object({
    accountId,
    seriesId,
    partyId,
    movementId,
    movement: z
      .enum(['mint', 'grant', 'transfer', 'escrow', 'withdrawal'])
      .meta({ description: 'Why they came.' }),
    counterPartyId,
    quantity: described(tokenQuantity, 'How much came in, over all lots.'),
    lots: z
      .array(
        z.object({
          lotId,
          quantity: described(tokenQuantity, 'How much is in the lot.'),
          lockupEndsAt,
        }),
      )
      .min(1)
      .max(10_000)
      .meta({ description: 'The lots that came in, each with its lock-up.' }),
  }),
});
export type TokensReceived = EventOf<typeof tokensReceived>;
