import { described, fields, named } from '@specie/contracts';
import { pageOf, pageQuery, writeResponse } from '@specie/nest-platform';
import { atoms, fractionUnitsPerGpu, gpuSeconds, microTokens } from '@specie/quantities';
import { z } from 'zod';
import type { SliceRow, UsageRow } from './usage.table.js';

const sequence = z.int().min(0);

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

const usageItem = z.strictObject({
  source: named.usageSource,
  recordId: named.recordId,
  gpuCount: named.gpuCount,
  fraction7000: named.fraction7000,
  startedAt: named.startedAt,
  seconds: named.seconds,
  gpuSeconds: named.gpuSeconds,
  atoms: named.atoms,
});
export const usageResponse = pageOf(usageItem);

const sliceItem = z.strictObject({
  captureId: named.captureId,
  sliceNumber: named.sliceNumber,
  usageCount: named.usageCount,
  gpuSeconds: named.gpuSeconds,
  atoms: named.atoms,
  captured: described(fields.tokenQuantity, 'Captured with this slice.', '1.000000'),
  capturedCumulative: named.capturedCumulative,
  capturedAt: described(fields.instant, 'When.'),
});
export const statementResponse = pageOf(sliceItem);

export const totalsQuery = pageQuery.extend({ partyId: named.partyId.optional() });
const totalsItem = z.strictObject({
  partyId: named.partyId,
  reservations: described(sequence, 'How many reservations.', 2),
  usageCount: described(sequence, 'How many usage records.', 240),
  gpuSeconds: named.gpuSeconds,
  atoms: named.atoms,
  captured: named.captured,
});
export const totalsResponse = pageOf(totalsItem);

/** Sums as the driver gives them. */
export interface TotalsRow {
  readonly party_id: string;
  readonly reservations: string;
  readonly usage_count: string;
  readonly gpu_seconds: string;
  readonly atoms: string;
  readonly captured: string;
}

export function toUsageResponse(row: UsageRow): z.output<typeof usageItem> {
  return {
    source: row.source,
    recordId: row.recordId,
    gpuCount: row.gpuCount,
    fraction7000: row.fraction7000,
    startedAt: row.startedAt.toISOString(),
    seconds: row.seconds,
    gpuSeconds: gpuSeconds(row.gpuSeconds),
    atoms: atoms(row.atoms),
  };
}

export function toSliceResponse(row: SliceRow): z.output<typeof sliceItem> {
  return {
    captureId: row.captureId,
    sliceNumber: row.sliceNumber,
    usageCount: row.usageCount,
    gpuSeconds: gpuSeconds(row.gpuSeconds),
    atoms: atoms(row.atoms),
    captured: microTokens(row.captured),
    capturedCumulative: microTokens(row.capturedCumulative),
    capturedAt: row.capturedAt.toISOString(),
  };
}

export function toTotalsResponse(row: TotalsRow): z.output<typeof totalsItem> {
  return {
    partyId: row.party_id,
    reservations: Number(row.reservations),
    usageCount: Number(row.usage_count),
    gpuSeconds: gpuSeconds(BigInt(row.gpu_seconds)),
    atoms: atoms(BigInt(row.atoms)),
    captured: microTokens(BigInt(row.captured)),
  };
}
