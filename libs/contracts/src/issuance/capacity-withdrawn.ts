import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { commitmentId, providerId } from '../named-fields.js';

export const capacityWithdrawn = defineEvent({
  description: 'A commitment no longer backs tokens; allowed only while coverage holds without it.',
  type: 'issuance.capacity-withdrawn',
  schemaVersion: 1,
  data: z.object({
    providerId,
    commitmentId,
  }),
});
export type CapacityWithdrawn = EventOf<typeof capacityWithdrawn>;
