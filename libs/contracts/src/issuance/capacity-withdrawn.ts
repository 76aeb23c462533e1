import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** A commitment no longer backs tokens; allowed only while coverage holds without it. */
export const capacityWithdrawn = defineEvent({
  type: 'issuance.capacity-withdrawn',
  schemaVersion: 1,
  data: z.object({
    providerId: id,
    commitmentId: id,
  }),
});
export type CapacityWithdrawn = EventOf<typeof capacityWithdrawn>;
