import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { sha256Hex, sku } from '../fields.js';
import {
  atoms,
  fraction7000,
  gpuCount,
  gpuSeconds,
  partyId,
  providerId,
  recordId,
  reservationId,
  seconds,
  startedAt,
  usageSource,
  weightPpm,
  weightVersion,
} from '../named-fields.js';

export const usageCharged = defineEvent({
  description:
    'One finished piece of GPU use, charged exactly. Record ids are unique indefinitely per provider and source.',
  type: 'metering.usage-charged',
  schemaVersion: 1,
  data: z.object({
    reservationId,
    partyId,
    providerId: described(
      providerId,
      'Who delivered and reported it. Records from before names were scoped by provider have none.',
    ).optional(),
    source: usageSource,
    recordId,
    sku,
    gpuCount,
    fraction7000,
    weightVersion,
    weightPpm,
    startedAt,
    seconds,
    gpuSeconds,
    atoms,
    evidenceHash: described(sha256Hex, 'The hash of the record as it was received.'),
  }),
});
export type UsageCharged = EventOf<typeof usageCharged>;
