import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, streamVersion, writeResponse } from '@specie/nest-platform';
import { fractionUnitsPerGpu } from '@specie/quantities';
import { z } from 'zod';

const status = z.enum(['requested', 'refused', 'confirmed', 'closed']).meta({
  description: '`requested`: the issuer has not answered; `confirmed`: use can be metered.',
});
const sequence = z.int().min(0);

export const reservationParams = z.strictObject({ reservationId: named.reservationId });

export const redemptionRequest = z.strictObject({
  reservationId: chosenId(named.reservationId),
  seriesId: named.seriesId,
  sku: fields.sku,
  quantity: described(
    fields.tokenQuantity,
    'How much to hold: the most that the reservation can cost.',
    '10.000000',
  ),
  usageFromAt: described(
    fields.instant,
    'Use counts from this instant on; from the request on where it is left out.',
  ).optional(),
  expiresAt: described(
    fields.instant,
    'Use that ends later does not count. Not beyond the delivery window of the series.',
    '2026-03-02T08:00:00.000Z',
  ),
});

export const usageRecord = z.strictObject({
  source: named.usageSource.max(128),
  recordId: named.recordId.max(128),
  gpuCount: z
    .int()
    .min(1)
    .max(1_000_000)
    .meta({ description: 'How many GPUs were used.', examples: [8] }),
  fraction7000: named.fraction7000.default(Number(fractionUnitsPerGpu)),
  startedAt: named.startedAt,
  seconds: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .meta({ description: 'How long they were used, in seconds.', examples: [3600] }),
});
export const usageBatchRequest = z.strictObject({
  records: z
    .array(usageRecord)
    .min(1)
    .max(1_000)
    .meta({ description: 'Finished pieces of use; all are counted or none.' }),
  backfill: z
    .boolean()
    .meta({ description: 'Takes records that began more than 35 days ago; for a provider-admin.' })
    .default(false),
});
export const usageBatchResponse = writeResponse.extend({
  counted: described(fields.count, 'How many records were new.', 3),
  duplicates: described(fields.count, 'How many were counted before.', 0),
});

export const reservationsQuery = pageQuery.extend({
  status: status.optional(),
  partyId: named.partyId.optional(),
  holdOverdue: z
    .enum(['true'])
    .meta({
      description:
        'Only those whose tokens the issuer has not held for longer than it should take.',
    })
    .optional(),
});
export const reservationResponse = z.strictObject({
  reservationId: named.reservationId,
  partyId: named.partyId,
  seriesId: named.seriesId,
  sku: fields.sku,
  weightVersion: named.weightVersion,
  weightPpm: named.weightPpm,
  quantity: described(fields.tokenQuantity, 'How much was asked for.', '10.000000'),
  status,
  reason: described(
    fields.reasonCode,
    'Why it was refused or closed; null otherwise.',
    'expired',
  ).nullable(),
  held: described(fields.tokenQuantity, 'How much the issuer holds for it.', '10.000000'),
  captured: named.captured,
  released: named.released,
  open: described(fields.tokenQuantity, 'Held and not captured or released yet.', '7.000000'),
  usageCount: described(sequence, 'How many usage records were counted.', 3),
  gpuSeconds: named.gpuSeconds,
  atoms: named.atoms,
  requestedAt: described(fields.instant, 'When it was asked for.'),
  usageFromAt: described(
    fields.instant,
    'Use that began earlier does not count; null for reservations from before there was such a rule.',
  ).nullable(),
  expiresAt: described(
    fields.instant,
    'Use that ends later does not count.',
    '2026-03-02T08:00:00.000Z',
  ),
  graceEndsAt: described(
    fields.instant,
    'Finished use may be reported until then; then what was not captured is released.',
    '2026-03-02T09:00:00.000Z',
  ),
  closedAt: described(
    fields.instant,
    'When it was closed; null before.',
    '2026-03-02T09:00:00.000Z',
  ).nullable(),
  holdOverdue: z
    .boolean()
    .meta({ description: 'Whether the issuer has not answered for longer than it should.' }),
  streamVersion,
});
export const reservationsResponse = pageOf(reservationResponse);

export const usageQuery = pageQuery;
export const usageResponse = pageOf(
  z.strictObject({
    source: named.usageSource,
    recordId: named.recordId,
    gpuCount: named.gpuCount,
    fraction7000: named.fraction7000,
    startedAt: named.startedAt,
    seconds: named.seconds,
    gpuSeconds: named.gpuSeconds,
    atoms: named.atoms,
  }),
);

export const statementResponse = pageOf(
  z.strictObject({
    captureId: named.captureId,
    sliceNumber: named.sliceNumber,
    usageCount: named.usageCount,
    gpuSeconds: named.gpuSeconds,
    atoms: named.atoms,
    captured: described(fields.tokenQuantity, 'Captured with this slice.', '1.000000'),
    capturedCumulative: named.capturedCumulative,
    capturedAt: described(fields.instant, 'When.'),
  }),
);

export const totalsQuery = pageQuery.extend({ partyId: named.partyId.optional() });
const totals = {
  reservations: described(sequence, 'How many reservations.', 2),
  usageCount: described(sequence, 'How many usage records.', 240),
  gpuSeconds: named.gpuSeconds,
  atoms: named.atoms,
  captured: named.captured,
};
export const totalsResponse = pageOf(z.strictObject({ partyId: named.partyId, ...totals }));

/** Where a page goes on. */
export const idCursor = z.strictObject({ after: fields.id });
export const positionCursor = z.strictObject({ after: z.int().min(0) });

export type ReservationResponse = z.output<typeof reservationResponse>;
