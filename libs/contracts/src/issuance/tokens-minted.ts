import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, day } from '../fields.js';

/** Tokens came into being within coverage, in the account of the provider. */
export const tokensMinted = defineEvent({
  type: 'issuance.tokens-minted',
  schemaVersion: 1,
  data: z.object({
    providerId: id,
    seriesId: id,
    mintId: id,
    quantity: tokenQuantity,
    outstandingAfter: tokenQuantity,
    coveredOn: day,
  }),
});
export type TokensMinted = EventOf<typeof tokensMinted>;
