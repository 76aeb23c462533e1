import { microTokens } from '@specie/quantities';
import { expect } from 'vitest';
import {
  confirmReservation,
  evolve,
  requestRedemption,
  reservationAggregate,
  type ChargeUsage,
  type PlacedEvent,
  type RequestRedemption,
  type Reservation,
  type ReservationEvent,
  type ReservationTerms,
  type UsageRecord,
} from '../src/domain/reservation/index.js';

export const reservationId = '4e5e0000-0000-4000-8000-000000000001';
export const partyId = 'ada00000-0000-4000-8000-000000000001';
export const providerId = 'a9e47000-0000-4000-8000-000000000001';
export const seriesId = '5e51e500-0000-4000-8000-000000000001';
export const captureId = 'ca970000-0000-4000-8000-000000000001';
export const requestedAt = '2026-03-01T09:00:00.000Z';
export const metadata = { now: '2026-03-01T12:00:00.000Z', actor: partyId };
export const expiresAt = '2026-03-31T00:00:00.000Z';
export const twoTokens = microTokens(2_000_000n);

export const request: RequestRedemption = {
  data: {
    reservationId,
    partyId,
    seriesId,
    sku: 'H100-SXM',
    quantity: twoTokens,
    expiresAt,
    graceSeconds: 3_600,
    deliveryEndsAt: null,
    eligible: true,
  },
  metadata: { now: requestedAt, actor: partyId },
};
export const record = (n: number, fields: Partial<UsageRecord> = {}): UsageRecord => ({
  usageId: `05a6e000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  source: 'urn:gpu:north/node-7',
  recordId: `session-${n}:0`,
  gpuCount: 1,
  fraction7000: 7_000,
  startedAt: '2026-03-01T10:00:00.000Z',
  seconds: 3_600,
  evidenceHash: 'aa'.repeat(32),
  ...fields,
});
export const charge = (
  records: readonly UsageRecord[],
  fields: Partial<ChargeUsage['data']> = {},
): ChargeUsage => ({
  data: {
    ...{ reservationId, providerId, captureId, records },
    ...{ charged: new Map<string, string>(), backfill: false, ...fields },
  },
  metadata,
});

export const fold = (
  events: readonly ReservationEvent[],
  from = reservationAggregate.initialState(),
): Reservation => events.reduce(evolve, from);
export const eventsOf = <E>(decision: {
  readonly outcome: string;
  readonly events?: readonly E[];
}): readonly E[] => {
  expect(decision.outcome).toBe('accepted');
  return decision.events ?? [];
};
export const onReservation = (placed: readonly PlacedEvent[]): readonly ReservationEvent[] =>
  placed.flatMap(({ stream, event }) => (stream === 'reservation' ? [event] : []));

export const unknown = reservationAggregate.initialState();
export const requested = fold(eventsOf(requestRedemption(request, unknown)));

/** Confirmed on other terms, or with more tokens. */
export function confirmedWith(
  change: { readonly [Field in keyof ReservationTerms]?: ReservationTerms[Field] | undefined },
  held = twoTokens,
): Reservation {
  if (requested.status !== 'requested') throw new Error('the redemption was not requested');
  const from: Reservation = {
    status: 'requested',
    terms: { ...requested.terms, ...change } as ReservationTerms,
  };
  return fold(confirmReservation({ data: { reservationId, held } }, from).events, from);
}
