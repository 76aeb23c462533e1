import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, pageQuery, streamVersion } from '@specie/nest-platform';
import { formatMicro, microTokens } from '@specie/quantities';
import { z } from 'zod';
import { type Coverage, type LadderStep } from '../coverage/coverage.js';
import { dayText } from '../coverage/days.js';
import { commitmentCountMax, seriesCountMax } from './provider.decider.js';
import type { CommitmentRow, ProviderRow, SeriesRow } from '../projections/tables.js';

/** A model by its name: capacity of before a table was changed is shown as it was. */
const skuText = z
  .string()
  .max(32)
  .meta({ description: 'The GPU model.', examples: ['H100-SXM'] });

export const providerParams = z.strictObject({ providerId: named.providerId });
export const commitmentParams = z.strictObject({
  providerId: named.providerId,
  commitmentId: named.commitmentId,
});
export const seriesParams = z.strictObject({ seriesId: named.seriesId });

export const registerProviderRequest = z.strictObject({
  uptimeHaircutBps: named.uptimeHaircutBps,
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
export const openSeriesRequest = z.strictObject({
  seriesId: chosenId(named.seriesId),
  windowFromOn: named.windowFromOn,
  windowToOn: named.windowToOn,
  skus: named.skus,
  region: named.region,
  transferable: named.transferable,
});
export const mintRequest = z.strictObject({
  mintId: chosenId(named.mintId),
  quantity: described(fields.tokenQuantity, 'How much to mint.', '100000.000000'),
});

export const providerResponse = z.strictObject({
  providerId: named.providerId,
  uptimeHaircutBps: named.uptimeHaircutBps,
  streamVersion,
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
export const seriesResponse = z.strictObject({
  seriesId: named.seriesId,
  providerId: named.providerId,
  treasuryAccountId: named.treasuryAccountId,
  windowFromOn: named.windowFromOn,
  windowToOn: named.windowToOn,
  skus: z
    .array(skuText)
    .max(32)
    .meta({ description: 'The GPU models on which the tokens can be redeemed.' }),
  region: named.region,
  transferable: named.transferable,
  minted: described(fields.tokenQuantity, 'Minted since the series was opened.', '254000.000000'),
  burned: described(fields.tokenQuantity, 'Used up by metered GPU time.', '3665.216669'),
  outstanding: named.outstanding,
});

/** Sums over days and pools can be beyond one quantity, and slack can be negative. */
const tokenSum = z
  .string()
  .max(64)
  .regex(/^-?\d+\.\d{6}$/)
  .meta({ description: 'In tokens, as a decimal string.' });

export const coverageResponse = z.strictObject({
  providerId: named.providerId,
  asOfOn: described(fields.day, 'The day for which it is computed; earlier ones do not count.'),
  covered: z.boolean().meta({ description: 'Whether every interval of days is covered.' }),
  shortfall: z
    .strictObject({
      fromOn: named.fromOn,
      toOn: named.toOn,
      skus: z.array(skuText).max(32).meta({ description: 'The GPU models that are short.' }),
      seriesIds: z
        .array(fields.id)
        .max(seriesCountMax)
        .meta({ description: 'The series that are due then.' }),
      obligations: described(tokenSum, 'What is due in the interval.', '105200.000000'),
      capacity: described(tokenSum, 'What the attested capacity delivers then.', '100000.000000'),
    })
    .meta({ description: 'The interval that is short, if one is.' })
    .nullable(),
  ladder: z
    .array(
      z.strictObject({
        fromOn: named.fromOn,
        toOn: named.toOn,
        capacity: described(tokenSum, 'What the attested capacity delivers then.', '100000.000000'),
        due: described(tokenSum, 'What falls due at the end of the step.', '50000.000000'),
        cumulativeSlack: described(
          tokenSum,
          'Capacity less what is due, from today to the end of the step; below zero something is short.',
          '50000.000000',
        ),
      }),
    )
    .max(2 * (commitmentCountMax + seriesCountMax))
    .meta({ description: 'Capacity and what falls due, step by step from today.' }),
  mintable: z
    .array(
      z.strictObject({
        seriesId: named.seriesId,
        quantity: described(fields.tokenQuantity, 'The largest mint that would succeed now.'),
      }),
    )
    .max(seriesCountMax)
    .meta({ description: 'What could still be minted, series by series, each on its own.' }),
});

export const providersPage = pageOf(providerResponse);
export const commitmentsPage = pageOf(commitmentResponse);
export const seriesPage = pageOf(seriesResponse);
export const seriesQuery = pageQuery.extend({ providerId: named.providerId.optional() });

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
