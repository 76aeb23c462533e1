import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { day, tokenQuantity } from '../fields.js';
import { mintId, providerId, seriesId } from '../named-fields.js';

export const tokensMinted = defineEvent({
  description: 'Tokens came into being within coverage, in the account of the provider.',
  type: 'issuance.tokens-minted',
  schemaVersion: 1,
  data: z.object({
    providerId,
    seriesId,
    mintId,
    quantity: described(tokenQuantity, 'How much was minted.', '100000.000000'),
    outstandingAfter: described(
      tokenQuantity,
      'Minted and not burned of the series after this mint.',
      '205200.000000',
    ),
    coveredOn: described(day, 'The day for which coverage was computed.'),
  }),
});
export type TokensMinted = EventOf<typeof tokensMinted>;
