import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  gpuSecondQuantity,
  atomQuantity,
  id,
  instant,
  sha256Hex,
  ppm,
  count,
  sku,
  externalId,
} from '../fields.js';

/** One finished piece of GPU use, charged exactly. Record ids are unique indefinitely per provider and source. */
export const usageCharged = defineEvent({
  type: 'metering.usage-charged',
  schemaVersion: 1,
  data: z.object({
    reservationId: id,
    partyId: id,
    /** Who delivered and reported it. Records from before names were scoped by provider have none. */
    providerId: id.optional(),
    source: externalId,
    recordId: externalId,
    sku,
    gpuCount: count,
    fraction7000: z.int().min(1).max(7000),
    weightVersion: z.int().min(1),
    weightPpm: ppm,
    startedAt: instant,
    seconds: count,
    gpuSeconds: gpuSecondQuantity,
    atoms: atomQuantity,
    evidenceHash: sha256Hex,
  }),
});
export type UsageCharged = EventOf<typeof usageCharged>;
