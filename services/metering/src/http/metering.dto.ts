import { fields } from '@specie/contracts';
import { pageOf, pageQuery, writeResponse } from '@specie/nest-platform';
import { fractionUnitsPerGpu } from '@specie/quantities';
import { z } from 'zod';

const status = z.enum(['requested', 'refused', 'confirmed', 'closed']);
const sequence = z.int().min(0);

export const reservationParams = z.strictObject({ reservationId: fields.id });

export const redemptionRequest = z.strictObject({
  reservationId: fields.id.optional(),
  seriesId: fields.id,
  sku: fields.sku,
  quantity: fields.tokenQuantity,
  /** Usage counts from this instant on; from the request on where it is left out. */
  usageFromAt: fields.instant.optional(),
  expiresAt: fields.instant,
});

export const usageRecord = z.strictObject({
  source: fields.externalId.max(128),
  recordId: fields.externalId.max(128),
  gpuCount: z.int().min(1).max(1_000_000),
  fraction7000: z
    .int()
    .min(1)
    .max(Number(fractionUnitsPerGpu))
    .default(Number(fractionUnitsPerGpu)),
  startedAt: fields.instant,
  seconds: z.int().min(1).max(1_000_000_000),
});
export const usageBatchRequest = z.strictObject({
  records: z.array(usageRecord).min(1).max(1_000),
  backfill: z.boolean().default(false),
});
export const usageBatchResponse = writeResponse.extend({
  counted: fields.count,
  duplicates: fields.count,
});

export const reservationsQuery = pageQuery.extend({
  status: status.optional(),
  partyId: fields.id.optional(),
  holdOverdue: z.enum(['true']).optional(),
});
export const reservationResponse = z.strictObject({
  reservationId: fields.id,
  partyId: fields.id,
  seriesId: fields.id,
  sku: fields.sku,
  weightVersion: z.int().min(1),
  weightPpm: fields.ppm,
  quantity: fields.tokenQuantity,
  status,
  reason: fields.reasonCode.nullable(),
  held: fields.tokenQuantity,
  captured: fields.tokenQuantity,
  released: fields.tokenQuantity,
  open: fields.tokenQuantity,
  usageCount: sequence,
  gpuSeconds: fields.gpuSecondQuantity,
  atoms: fields.atomQuantity,
  requestedAt: fields.instant,
  /** Usage that began earlier does not count; null for reservations from before there was such a rule. */
  usageFromAt: fields.instant.nullable(),
  /** Usage that ends later does not count. */
  expiresAt: fields.instant,
  /** Finished work may be reported until then; then what was not captured is released. */
  graceEndsAt: fields.instant,
  closedAt: fields.instant.nullable(),
  /** The issuer has not answered for longer than it should. */
  holdOverdue: z.boolean(),
  streamVersion: sequence,
});
export const reservationsResponse = pageOf(reservationResponse);

export const usageQuery = pageQuery;
export const usageResponse = pageOf(
  z.strictObject({
    source: fields.externalId,
    recordId: fields.externalId,
    gpuCount: fields.count,
    fraction7000: z.int(),
    startedAt: fields.instant,
    seconds: fields.count,
    gpuSeconds: fields.gpuSecondQuantity,
    atoms: fields.atomQuantity,
  }),
);

export const statementResponse = pageOf(
  z.strictObject({
    captureId: fields.id,
    sliceNumber: z.int().min(1),
    usageCount: fields.count,
    gpuSeconds: fields.gpuSecondQuantity,
    atoms: fields.atomQuantity,
    captured: fields.tokenQuantity,
    capturedCumulative: fields.tokenQuantity,
    capturedAt: fields.instant,
  }),
);

export const totalsQuery = pageQuery.extend({ partyId: fields.id.optional() });
const totals = {
  reservations: sequence,
  usageCount: sequence,
  gpuSeconds: fields.gpuSecondQuantity,
  atoms: fields.atomQuantity,
  captured: fields.tokenQuantity,
};
export const totalsResponse = pageOf(z.strictObject({ partyId: fields.id, ...totals }));

/** Where a page goes on. */
export const idCursor = z.strictObject({ after: fields.id });
export const positionCursor = z.strictObject({ after: z.int().min(0) });

export type ReservationResponse = z.output<typeof reservationResponse>;
