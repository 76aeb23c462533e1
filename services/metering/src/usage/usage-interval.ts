/** When a piece of use counts on a reservation (R7). */

import type { ReservationTerms } from '../reservation/reservation.state.js';
import type { UsageRecord } from './usage.commands.js';

/** In check order. */
export const intervalRejections = [
  'usage_in_future',
  'usage_too_old',
  'usage_before_reservation',
  'usage_after_expiry',
] as const;
export type IntervalRejection = (typeof intervalRejections)[number];

/** How old a record may be; older ones need the backfill permission. */
export const usageAgeMsMax = 35 * 24 * 60 * 60 * 1000;
/**
 * How far the clock of an agent may be off ours, where the two are compared: work that ends now, and work that begins
 * as soon as the reservation is there. Beyond 30 s a clock counts as broken. The expiry is an instant both sides agreed
 * on and an agent stops by its own clock, so it needs no allowance.
 */
export const clockSkewMsMax = 30_000;

/** The rules a record must keep, in check order, each with the test for a record that breaks it. */
export function intervalRules(
  terms: ReservationTerms,
  { nowMs, backfill }: { readonly nowMs: number; readonly backfill: boolean },
): readonly (readonly [IntervalRejection, (record: UsageRecord) => boolean])[] {
  const fromMs = usageFromMs(terms);
  const expiresMs = Date.parse(terms.expiresAt);
  return [
    ['usage_in_future', (record) => endMs(record) > nowMs + clockSkewMsMax],
    ['usage_too_old', (record) => !backfill && startMs(record) < nowMs - usageAgeMsMax],
    ['usage_before_reservation', (record) => startMs(record) < fromMs],
    ['usage_after_expiry', (record) => endMs(record) > expiresMs],
  ];
}

/** Between which instants use counts, as far as the terms tell. */
export function usageBounds(terms: ReservationTerms): {
  readonly usageFrom?: string;
  readonly expiresAt: string;
} {
  const fromMs = usageFromMs(terms);
  const { expiresAt } = terms;
  return Number.isFinite(fromMs)
    ? { usageFrom: new Date(fromMs).toISOString(), expiresAt }
    : { expiresAt };
}

/** From when on usage counts. Reservations from before there was such a rule keep to what they were made on. */
function usageFromMs({ usageFromAt, requestedAt }: ReservationTerms): number {
  if (usageFromAt !== undefined) {
    return Date.parse(usageFromAt);
  }
  return requestedAt === undefined ? -Infinity : Date.parse(requestedAt) - clockSkewMsMax;
}

function startMs({ startedAt }: UsageRecord): number {
  return Date.parse(startedAt);
}

function endMs(record: UsageRecord): number {
  return startMs(record) + record.seconds * 1_000;
}
