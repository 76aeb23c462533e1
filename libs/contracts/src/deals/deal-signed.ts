import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex } from '../fields.js';

/** One side signed exactly these terms. */
export const dealSigned = defineEvent({
  type: 'deals.deal-signed',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    side: z.enum(['provider', 'company']),
    partyId: id,
    termsHash: sha256Hex,
  }),
});
export type DealSigned = EventOf<typeof dealSigned>;
