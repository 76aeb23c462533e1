import { discardReasons, fields, serviceNames } from '@specie/contracts';
import { discrepancyKinds, findingKinds, invariantNames } from '@specie/ledger-audit';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { z } from 'zod';

const service = z.enum(serviceNames);
const position = z.int().min(0);
const decimal = z
  .string()
  .max(40)
  .regex(/^\d+(\.\d{6})?$/);

export const reconciliationParams = z.strictObject({ requestId: fields.id });
export const reconciliationRequest = z.strictObject({ requestId: fields.id.optional() });

const collection = z.strictObject({
  name: fields.reasonCode,
  rowCount: position,
  digest: fields.sha256Hex,
});
export const reportResponse = z.strictObject({
  ok: z.boolean(),
  source: z.enum(['postgres', 'kafka', 'memory']),
  eventCount: position,
  milliseconds: position,
  findings: z
    .array(
      z.strictObject({
        service,
        position,
        eventId: fields.id.nullable(),
        kind: z.enum(findingKinds),
        detail: z.string().max(1_000),
      }),
    )
    .max(10_000),
  invariants: z.record(
    z.enum(invariantNames),
    z.strictObject({ holds: z.boolean(), counterexample: z.string().max(2_000).nullable() }),
  ),
  discrepancies: z
    .array(
      z.strictObject({
        invariant: z.enum(invariantNames),
        handOver: z.string().max(64),
        kind: z.enum(discrepancyKinds),
        service,
        position,
        eventId: fields.id,
        movementId: fields.id,
        account: z.string().max(128),
        quantity: decimal.nullable(),
        detail: z.string().max(1_000),
      }),
    )
    .max(1_000),
  /** Absent in reports of before there were any. */
  discards: z
    .array(
      z.strictObject({
        service,
        position,
        source: service,
        streamId: z.string().max(64).nullable(),
        sourcePosition: position.nullable(),
        partition: position.nullable(),
        kafkaOffset: z.string().max(20).nullable(),
        eventType: z.string().max(128).nullable(),
        reason: z.enum(discardReasons),
        proposedBy: fields.id,
        approvedBy: fields.id,
      }),
    )
    .max(10_000)
    .optional(),
  digestsEqual: z.boolean(),
  unattested: z.array(service).max(6),
  services: z
    .array(
      z.strictObject({
        service,
        eventCount: position,
        position,
        chainHash: fields.sha256Hex,
        signedHeadCount: position,
        throughPosition: position,
        digest: fields.sha256Hex,
        collections: z.array(collection).max(64),
        digestsEqual: z.boolean().nullable(),
      }),
    )
    .max(6),
  tokens: z.strictObject({ minted: decimal, held: decimal, escrow: decimal, burned: decimal }),
  gpuSeconds: z.strictObject({ total: decimal, byParty: z.record(fields.id, decimal) }),
});

const summary = z.strictObject({
  requestId: fields.id,
  status: z.enum(['requested', 'published']),
  requestedBy: fields.id,
  requestedAt: fields.instant,
  ok: z.boolean().nullable(),
  eventCount: position.nullable(),
  findingCount: position.nullable(),
  reportHash: fields.sha256Hex.nullable(),
});
export const reconciliationResponse = summary.extend({
  /** Services that attested so far. */
  attested: z.array(service).max(6),
  report: reportResponse.nullable(),
  streamVersion: z.int().min(0),
});
export const reportsQuery = pageQuery;
export const reportsResponse = pageOf(summary);
export const reportCursor = position;
