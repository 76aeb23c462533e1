import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex } from '../fields.js';

/** An auditor saw the capacity; from now on it counts towards coverage. */
export const capacityAttested = defineEvent({
  type: 'issuance.capacity-attested',
  schemaVersion: 1,
  data: z.object({
    providerId: id,
    commitmentId: id,
    attestedBy: id,
    evidenceHash: sha256Hex,
  }),
});
export type CapacityAttested = EventOf<typeof capacityAttested>;
