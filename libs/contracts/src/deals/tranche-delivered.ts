import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { dealId, grantId, trancheId } from '../named-fields.js';

export const trancheDelivered = defineEvent({
  description: 'The tokens of the tranche arrived at the startup.',
  type: 'deals.tranche-delivered',
  schemaVersion: 1,
  data: z.object({
    dealId,
    trancheId,
    grantId,
  }),
});
export type TrancheDelivered = EventOf<typeof trancheDelivered>;
