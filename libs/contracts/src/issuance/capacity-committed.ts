import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { sku } from '../fields.js';
import {
  commitmentId,
  fromOn,
  gpuCount,
  providerId,
  toOn,
  tokensPerDay,
  uptimeHaircutBps,
  weightPpm,
  weightVersion,
} from '../named-fields.js';

export const capacityCommitted = defineEvent({
  description:
    'A provider promises GPUs of one SKU for every day of a range. It backs nothing until attested.',
  type: 'issuance.capacity-committed',
  schemaVersion: 1,
  data: z.object({
    providerId,
    commitmentId,
    sku,
    gpuCount,
    fromOn,
    toOn,
    weightVersion,
    weightPpm,
    uptimeHaircutBps,
    tokensPerDay,
  }),
});
export type CapacityCommitted = EventOf<typeof capacityCommitted>;
