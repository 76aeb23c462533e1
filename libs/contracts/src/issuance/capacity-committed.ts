import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, day, ppm, bps, count, sku } from '../fields.js';

/** A provider promises GPUs of one SKU for every day of a range. It backs nothing until attested. */
export const capacityCommitted = defineEvent({
  type: 'issuance.capacity-committed',
  schemaVersion: 1,
  data: z.object({
    providerId: id,
    commitmentId: id,
    sku,
    gpuCount: count,
    fromOn: day,
    toOn: day,
    weightVersion: z.int().min(1),
    weightPpm: ppm,
    uptimeHaircutBps: bps,
    tokensPerDay: tokenQuantity,
  }),
});
export type CapacityCommitted = EventOf<typeof capacityCommitted>;
