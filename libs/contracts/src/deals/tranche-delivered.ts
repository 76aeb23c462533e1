import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** The tokens of the tranche arrived at the startup. */
export const trancheDelivered = defineEvent({
  type: 'deals.tranche-delivered',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    trancheId: id,
    grantId: id,
  }),
});
export type TrancheDelivered = EventOf<typeof trancheDelivered>;
