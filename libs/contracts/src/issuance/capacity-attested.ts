import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { sha256Hex } from '../fields.js';
import { attestedBy, commitmentId, providerId } from '../named-fields.js';

export const capacityAttested = defineEvent({
  description: 'An auditor saw the capacity; from now on it counts towards coverage.',
  type: 'issuance.capacity-attested',
  schemaVersion: 1,
  data: z.object({
    providerId,
    commitmentId,
    attestedBy,
    evidenceHash: described(sha256Hex, 'The hash of what the auditor saw.'),
  }),
});
export type CapacityAttested = EventOf<typeof capacityAttested>;
