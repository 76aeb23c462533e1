import { fields } from '@specie/contracts';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { formatMicro, microTokens } from '@specie/quantities';
import { z } from 'zod';
import { dayText, type Coverage, type LadderStep } from '../domain/provider/index.js';
import type { CommitmentRow, ProviderRow, SeriesRow } from '../projections/tables.js';

const { id, day, sku, bps, ppm, count, sha256Hex, externalId, tokenQuantity } = fields;

export const providerParams = z.strictObject({ providerId: id });
export const commitmentParams = z.strictObject({ providerId: id, commitmentId: id });
export const seriesParams = z.strictObject({ seriesId: id });

export const registerProviderRequest = z.strictObject({ uptimeHaircutBps: bps });
export const commitCapacityRequest = z.strictObject({
  commitmentId: id.optional(),
  sku,
  gpuCount: count,
  fromOn: day,
  toOn: day,
  /** Of the H100-equivalence table; the current one unless given. */
  weightVersion: z.int().min(1).max(1_000).optional(),
});
export const attestCapacityRequest = z.strictObject({ evidenceHash: sha256Hex });
export const openSeriesRequest = z.strictObject({
  seriesId: id.optional(),
  windowFromOn: day,
  windowToOn: day,
  skus: z.array(sku).min(1).max(32),
  region: externalId,
  transferable: z.boolean(),
});
export const mintRequest = z.strictObject({ mintId: id.optional(), quantity: tokenQuantity });

export const providerResponse = z.strictObject({
  providerId: id,
  uptimeHaircutBps: bps,
  streamVersion: z.int().min(1),
});
export const commitmentResponse = z.strictObject({
  commitmentId: id,
  providerId: id,
  sku: z.string().max(32),
  gpuCount: count,
  fromOn: day,
  toOn: day,
  weightVersion: z.int().min(1),
  weightPpm: ppm,
  uptimeHaircutBps: bps,
  tokensPerDay: tokenQuantity,
  status: z.enum(['committed', 'attested', 'withdrawn']),
  attestedBy: id.nullable(),
  evidenceHash: sha256Hex.nullable(),
});
export const seriesResponse = z.strictObject({
  seriesId: id,
  providerId: id,
  treasuryAccountId: id,
  windowFromOn: day,
  windowToOn: day,
  skus: z.array(z.string().max(32)).max(32),
  region: externalId,
  transferable: z.boolean(),
  minted: tokenQuantity,
  burned: tokenQuantity,
  outstanding: tokenQuantity,
});

/** Sums over days and pools can be beyond one quantity, and slack can be negative. */
const tokenSum = z
  .string()
  .max(64)
  .regex(/^-?\d+\.\d{6}$/);

export const coverageResponse = z.strictObject({
  providerId: id,
  asOfOn: day,
  covered: z.boolean(),
  shortfall: z
    .strictObject({
      fromOn: day,
      toOn: day,
      skus: z.array(z.string().max(32)).max(32),
      seriesIds: z.array(id).max(10_000),
      obligations: tokenSum,
      capacity: tokenSum,
    })
    .nullable(),
  ladder: z
    .array(
      z.strictObject({
        fromOn: day,
        toOn: day,
        capacity: tokenSum,
        due: tokenSum,
        cumulativeSlack: tokenSum,
      }),
    )
    .max(100_000),
  mintable: z.array(z.strictObject({ seriesId: id, quantity: tokenQuantity })).max(10_000),
});

export const providersPage = pageOf(providerResponse);
export const commitmentsPage = pageOf(commitmentResponse);
export const seriesPage = pageOf(seriesResponse);
export const seriesQuery = pageQuery.extend({ providerId: id.optional() });

export function toProviderResponse(row: ProviderRow): z.output<typeof providerResponse> {
  const { providerId, uptimeHaircutBps, streamVersion } = row;
  return { providerId, uptimeHaircutBps, streamVersion };
}

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

export function toSeriesResponse(row: SeriesRow): z.output<typeof seriesResponse> {
  return {
    seriesId: row.seriesId,
    providerId: row.providerId,
    treasuryAccountId: row.treasuryAccountId,
    windowFromOn: row.windowFromOn,
    windowToOn: row.windowToOn,
    skus: row.skus,
    region: row.region,
    transferable: row.transferable,
    minted: microTokens(row.minted),
    burned: microTokens(row.burned),
    outstanding: microTokens(row.minted - row.burned),
  };
}

export function toShortfallResponse(
  coverage: Coverage,
): z.output<typeof coverageResponse>['shortfall'] {
  if (coverage.covered) return null;
  const { fromDay, toDay, pools, seriesIds, obligations, capacity } = coverage.shortfall;
  return {
    fromOn: dayText(fromDay),
    toOn: dayText(toDay),
    skus: [...pools],
    seriesIds: [...seriesIds],
    obligations: formatMicro(obligations),
    capacity: formatMicro(capacity),
  };
}

export function toLadderResponse(
  step: LadderStep,
): z.output<typeof coverageResponse>['ladder'][number] {
  return {
    fromOn: dayText(step.fromDay),
    toOn: dayText(step.toDay),
    capacity: formatMicro(step.capacity),
    due: formatMicro(step.due),
    cumulativeSlack: formatMicro(step.cumulativeSlack),
  };
}
