import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { dealId, partyId, side, termsHash } from '../named-fields.js';

export const dealSigned = defineEvent({
  description: 'One side signed exactly these terms.',
  type: 'deals.deal-signed',
  schemaVersion: 1,
  data: z.object({
    dealId,
    side,
    partyId: described(partyId, 'Who signed.'),
    termsHash,
  }),
});
export type DealSigned = EventOf<typeof dealSigned>;
