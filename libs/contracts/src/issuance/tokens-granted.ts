import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id } from '../fields.js';

/** The tokens of a deal tranche are in the account of the startup. */
export const tokensGranted = defineEvent({
  type: 'issuance.tokens-granted',
  schemaVersion: 1,
  data: z.object({
    grantId: id,
    dealId: id,
    trancheId: id,
    seriesId: id,
    fromPartyId: id,
    toPartyId: id,
    quantity: tokenQuantity,
  }),
});
export type TokensGranted = EventOf<typeof tokensGranted>;
