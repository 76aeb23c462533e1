import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import { dealId, fromPartyId, grantId, seriesId, toPartyId, trancheId } from '../named-fields.js';

export const tokensGranted = defineEvent({
  description: 'The tokens of a deal tranche are in the account of the startup.',
  type: 'issuance.tokens-granted',
  schemaVersion: 1,
  data: z.object({
    grantId,
    dealId,
    trancheId,
    seriesId,
    fromPartyId,
    toPartyId,
    quantity: described(tokenQuantity, 'How much arrived.'),
  }),
});
export type TokensGranted = EventOf<typeof tokensGranted>;
