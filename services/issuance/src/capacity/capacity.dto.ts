import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf } from '@specie/nest-platform';
import { microTokens } from '@specie/quantities';
import { z } from 'zod';
import type { CommitmentRow } from '../provider/provider.table.js';
import { skuText } from '../series/series.dto.js';

export const commitmentParams = z.strictObject({
  providerId: named.providerId,
  commitmentId: named.commitmentId,
});
export const commitCapacityRequest = z.strictObject({
  commitmentId: chosenId(named.commitmentId),
  sku: fields.sku,
  gpuCount: named.gpuCount,
  fromOn: named.fromOn,
  toOn: named.toOn,
  weightVersion: described(
    named.weightVersion.max(1_000),
    'The current one where it is left out.',
  ).optional(),
});
export const attestCapacityRequest = z.strictObject({
  evidenceHash: described(fields.sha256Hex, 'The hash of what you saw.'),
});
export const commitmentResponse = z.strictObject({
  commitmentId: named.commitmentId,
  providerId: named.providerId,
  sku: skuText,
  gpuCount: named.gpuCount,
  fromOn: named.fromOn,
  toOn: named.toOn,
  weightVersion: named.weightVersion,
  weightPpm: named.weightPpm,
  uptimeHaircutBps: named.uptimeHaircutBps,
  tokensPerDay: named.tokensPerDay,
  status: z
    .enum(['committed', 'attested', 'withdrawn'])
    .meta({ description: 'Only attested capacity backs tokens.' }),
  attestedBy: named.attestedBy.nullable(),
  evidenceHash: described(
    fields.sha256Hex,
    'The hash of what the auditor saw; null before.',
  ).nullable(),
});
export const commitmentsPage = pageOf(commitmentResponse);

export function toCommitmentResponse(row: CommitmentRow): z.output<typeof commitmentResponse> {
  return {
    commitmentId: row.commitmentId,
    providerId: row.providerId,
    sku: row.sku,
    gpuCount: row.gpuCount,
    fromOn: row.fromOn,
    toOn: row.toOn,
    weightVersion: row.weightVersion,
    weightPpm: row.weightPpm,
    uptimeHaircutBps: row.uptimeHaircutBps,
    tokensPerDay: microTokens(row.tokensPerDay),
    status: row.status,
    attestedBy: row.attestedBy,
    evidenceHash: row.evidenceHash,
  };
}
