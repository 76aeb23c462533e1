import { microTokens } from '@specie/quantities';
import { expect } from 'vitest';
import type { RequestRedemption } from '../src/reservation/reservation.commands.js';
import {
  closeReservation,
  confirmReservation,
  requestRedemption,
} from '../src/reservation/reservation.decider.js';
import {
  reservationAggregate,
  type Reservation,
  type ReservationEvent,
  type ReservationTerms,
} from '../src/reservation/reservation.state.js';
import type { ChargeUsage, UsageRecord } from '../src/usage/usage.commands.js';
import type { PlacedUsage } from '../src/usage/usage.decider.js';

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
): Reservation => events.reduce(reservationAggregate.evolve, from);
export const eventsOf = <E>(decision: {
  readonly outcome: string;
  readonly events?: readonly E[];
}): readonly E[] => {
  expect(decision.outcome).toBe('accepted');
  return decision.events ?? [];
};
export const onReservation = (placed: readonly PlacedUsage[]): readonly ReservationEvent[] =>
  placed.flatMap(({ event }) => (event.type === 'metering.usage-charged' ? [] : [event]));

export const unknown = reservationAggregate.initialState();
export const requested = fold(eventsOf(requestRedemption(request, unknown)));

export const confirmed = fold(
  confirmReservation({ data: { reservationId, held: twoTokens } }, requested).events,
  requested,
);
export const closed = fold(
  eventsOf(closeReservation({ data: { reservationId } }, confirmed)),
  confirmed,
);

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
