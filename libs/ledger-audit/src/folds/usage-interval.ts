import type { EventFacts, WireData } from '../wire-events.js';

/** How far the clock of a meter may be off the service's. */
const clockSkewMs = 30_000;

/** When usage of a reservation counts, and until when it may be reported; epoch milliseconds. */
export interface UsageInterval {
  readonly fromMs: number;
  readonly expiresMs: number;
  readonly graceEndsMs: number;
}

/** Null for a reservation from before there were such terms. */
export function intervalOf(
  { occurredAtMs }: EventFacts,
  { usageFromAt, expiresAt, graceSeconds }: WireData<'metering.redemption-requested'>,
): UsageInterval | null {
  if (graceSeconds === undefined) {
    return null;
  }
  const expiresMs = Date.parse(expiresAt);
  return {
    fromMs: usageFromAt === undefined ? occurredAtMs - clockSkewMs : Date.parse(usageFromAt),
    expiresMs,
    graceEndsMs: expiresMs + graceSeconds * 1_000,
  };
}

/** Why the record may not count on its reservation; null if it may. */
export function misplacedIn(
  interval: UsageInterval | null,
  { occurredAtMs }: EventFacts,
  { startedAt, seconds }: WireData<'metering.usage-charged'>,
): string | null {
  if (interval === null) return null;
  const startMs = Date.parse(startedAt);
  const endMs = startMs + seconds * 1_000;
  if (endMs > occurredAtMs + clockSkewMs) return 'the usage had not ended when it was charged';
  if (startMs < interval.fromMs) return 'the usage began before its reservation';
  if (endMs > interval.expiresMs) return 'the usage ended after its reservation';
  return occurredAtMs < interval.graceEndsMs ? null : 'the usage was charged after the grace';
}
