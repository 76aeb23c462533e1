/**
 * A provider: the capacity it promised, the series it opened and what it minted.
 *
 * P1: Capacity backs tokens from its attestation to its withdrawal, and never before or after.
 * P2: The auditor who attests capacity is never the provider itself.
 * P3: What a day of capacity is worth is fixed when it is committed: weight version, haircut and tokens per day.
 * P4 (S2): After every withdrawal of capacity, every interval of days is covered that was covered before. For mints see
 *     `mint.decider.ts`; P5 is that of `series.decider.ts`.
 */
import { accept, reject, type Decision } from '@specie/event-sourcing';
import {
  divideFloor,
  formatMicro,
  gpuSkus,
  h100eWeightPpm,
  h100eWeightVersion,
  microTokens,
  quantityMax,
  type MicroTokens,
} from '@specie/quantities';
import { coverageOf } from '../coverage/coverage.js';
import { dayNumber, dayOf } from '../coverage/days.js';
import { coverageProblem, isInForce, shortfallDetails } from './coverage-problem.js';
import type {
  AttestCapacity,
  CommitCapacity,
  RegisterProvider,
  WithdrawCapacity,
} from './provider.commands.js';
import type { Provider, ProviderEvent } from './provider.state.js';

/** In the order in which they are checked. */
export const providerRejections = [
  'provider_registered_differently',
  'provider_unregistered',
  'commitment_exists_differently',
  'commitment_unknown',
  'commitment_withdrawn',
  'capacity_attested_differently',
  'series_exists_differently',
  'series_unknown',
  'mint_exists_differently',
  'party_ineligible',
  'attested_by_provider',
  'days_reversed',
  'days_too_many',
  'days_over',
  'commitments_too_many',
  'series_too_many',
  'sku_without_weight',
  'gpu_count_not_positive',
  'quantity_not_positive',
  'quantity_too_large',
  'coverage_exceeded',
  'coverage_would_break',
] as const;
export type ProviderRejection = (typeof providerRejections)[number];

export type ProviderDecision = Decision<ProviderEvent, ProviderRejection>;

/** Longer promises are split: ten years of days keeps every coverage check small. */
export const dayCountMax = 3_660;

/**
 * Of a provider, those whose days are not over (and that are not withdrawn): ten years of months on all eight SKUs.
 * Every coverage check walks through all of them.
 */
export const commitmentCountMax = 1_000;
export const seriesCountMax = 1_000;

export function registerProvider({ data }: RegisterProvider, state: Provider): ProviderDecision {
  const { providerId, uptimeHaircutBps, eligible, ineligibility } = data;
  if (state.status === 'registered') {
    return state.uptimeHaircutBps === uptimeHaircutBps
      ? accept()
      : reject('provider_registered_differently', { uptimeHaircutBps: state.uptimeHaircutBps });
  }
  if (!eligible) return reject('party_ineligible', ineligibility);
  return accept({ type: 'issuance.provider-registered', data: { providerId, uptimeHaircutBps } });
}

export function commitCapacity(
  { data, metadata }: CommitCapacity,
  state: Provider,
): ProviderDecision {
  if (state.status === 'unregistered') return reject('provider_unregistered');
  const { commitmentId, sku, gpuCount, fromOn, toOn, weightVersion, eligible, ineligibility } =
    data;
  const existing = state.commitments.get(commitmentId);
  if (existing) {
    const same =
      existing.sku === sku &&
      existing.gpuCount === gpuCount &&
      existing.fromOn === fromOn &&
      existing.toOn === toOn &&
      existing.weightVersion === weightVersion;
    return same ? accept() : reject('commitment_exists_differently');
  }
  if (!eligible) return reject('party_ineligible', ineligibility);
  const wrongDays = checkDays(fromOn, toOn, metadata.now);
  if (wrongDays) return reject(wrongDays, { today: dayOf(metadata.now), dayCountMax });
  const inForce = [...state.commitments.values()].filter((each) =>
    isInForce(each, dayOf(metadata.now)),
  );
  if (inForce.length >= commitmentCountMax)
    return reject('commitments_too_many', { commitmentCountMax });
  const weightPpm = h100eWeightPpm(sku, weightVersion);
  if (weightPpm === null)
    return reject('sku_without_weight', {
      current: h100eWeightVersion,
      listed: gpuSkus.join(', '),
    });
  if (gpuCount <= 0) return reject('gpu_count_not_positive');
  const tokensPerDay = tokensPerDayOf(gpuCount, weightPpm, state.uptimeHaircutBps);
  if (tokensPerDay >= quantityMax)
    return reject('quantity_too_large', { limit: formatMicro(quantityMax) });
  return accept({
    type: 'issuance.capacity-committed',
    data: {
      providerId: state.providerId,
      commitmentId,
      sku,
      gpuCount,
      fromOn,
      toOn,
      weightVersion,
      weightPpm: Number(weightPpm),
      uptimeHaircutBps: state.uptimeHaircutBps,
      tokensPerDay,
    },
  });
}

export function attestCapacity({ data }: AttestCapacity, state: Provider): ProviderDecision {
  if (state.status === 'unregistered') return reject('provider_unregistered');
  const { commitmentId, attestedBy, evidenceHash } = data;
  const commitment = state.commitments.get(commitmentId);
  if (!commitment) return reject('commitment_unknown');
  if (commitment.status === 'withdrawn') return reject('commitment_withdrawn');
  if (commitment.status === 'attested') {
    return commitment.evidenceHash === evidenceHash
      ? accept()
      : reject('capacity_attested_differently');
  }
  if (attestedBy === state.providerId) return reject('attested_by_provider');
  const { providerId } = state;
  return accept({
    type: 'issuance.capacity-attested',
    data: { providerId, commitmentId, attestedBy, evidenceHash },
  });
}

export function withdrawCapacity(
  { data, metadata }: WithdrawCapacity,
  state: Provider,
): ProviderDecision {
  if (state.status === 'unregistered') return reject('provider_unregistered');
  const { commitmentId, burned } = data;
  const commitment = state.commitments.get(commitmentId);
  if (!commitment) return reject('commitment_unknown');
  if (commitment.status === 'withdrawn') return accept();
  if (commitment.status === 'attested') {
    const commitments = new Map(state.commitments);
    commitments.delete(commitmentId);
    const without = coverageProblem({ ...state, commitments }, burned, metadata.now);
    const coverage = coverageOf(without);
    if (!coverage.covered)
      return reject('coverage_would_break', shortfallDetails(coverage.shortfall));
  }
  const { providerId } = state;
  return accept({ type: 'issuance.capacity-withdrawn', data: { providerId, commitmentId } });
}

/** GPU-hours of a day x weight x (1 - haircut), in micro-tokens; rounded down, for a promise is never rounded up. */
export function tokensPerDayOf(
  gpuCount: number,
  weightPpm: bigint,
  uptimeHaircutBps: number,
): MicroTokens {
  // Weight in ppm x micro-tokens per token cancel: a GPU-hour at 1,000,000 ppm is 1,000,000 micro-tokens.
  const gross = BigInt(gpuCount) * 24n * weightPpm;
  return microTokens(divideFloor(gross * BigInt(10_000 - uptimeHaircutBps), 10_000n));
}

/** What is wrong with a range of days, if anything is. */
export function checkDays(
  fromOn: string,
  toOn: string,
  now: string,
): 'days_reversed' | 'days_too_many' | 'days_over' | null {
  if (toOn < fromOn) return 'days_reversed';
  if (dayNumber(toOn) - dayNumber(fromOn) >= dayCountMax) return 'days_too_many';
  if (toOn < dayOf(now)) return 'days_over';
  return null;
}
