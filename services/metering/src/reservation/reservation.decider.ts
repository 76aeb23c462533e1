/**
 * A reservation: tokens held for GPU use, from the request until what was not captured is released. R2 to R4 and R7 are
 * about its usage: `usage/usage.decider.ts`.
 *
 * R1 (S6): held = captured + released + open, and captured never exceeds held.
 * R5: Weight and weight version are pinned when the reservation is requested.
 * R6: A closed reservation has released what it did not capture; a hold that comes too late is released at once.
 * R8: A hold outlives its expiry by the grace that was pinned at the request: finished work is still reported then.
 */
import type { ReservationClosed } from '@specie/contracts';
import { accept, reject, type Accepted, type Decision } from '@specie/event-sourcing';
import { gpuSkus, h100eWeightPpm, h100eWeightVersion, microTokens } from '@specie/quantities';
import type {
  CloseReservation,
  ConfirmReservation,
  ExpireReservation,
  RefuseReservation,
  RequestRedemption,
} from './reservation.commands.js';
import {
  releaseMs,
  type HeldReservation,
  type Reservation,
  type ReservationEvent,
  type ReservationTerms,
} from './reservation.state.js';

/** In check order. */
export const requestRedemptionRejections = [
  'reservation_exists',
  'party_ineligible',
  'sku_without_weight',
  'quantity_not_positive',
  'expiry_in_past',
  'usage_interval_empty',
  'expiry_after_delivery_window',
] as const;
export const closeReservationRejections = [
  'reservation_unknown',
  'hold_pending',
  'reservation_refused',
] as const;

export type RequestRedemptionRejection = (typeof requestRedemptionRejections)[number];
export type CloseReservationRejection = (typeof closeReservationRejections)[number];

export function requestRedemption(
  { data, metadata }: RequestRedemption,
  state: Reservation,
): Decision<ReservationEvent, RequestRedemptionRejection> {
  const { eligible, ineligibility, deliveryEndsAt, graceSeconds, ...asked } = data;
  if (state.status !== 'unknown') {
    return sameTerms(state.terms, asked) ? accept() : reject('reservation_exists');
  }
  if (!eligible) {
    return reject('party_ineligible', ineligibility);
  }
  const weightPpm = h100eWeightPpm(asked.sku, h100eWeightVersion);
  if (weightPpm === null) {
    return reject('sku_without_weight', { listed: gpuSkus.join(', ') });
  }
  if (asked.quantity <= 0n) {
    return reject('quantity_not_positive');
  }
  const expiresMs = Date.parse(asked.expiresAt);
  if (expiresMs <= Date.parse(metadata.now)) {
    return reject('expiry_in_past', { now: metadata.now });
  }
  const { usageFromAt, ...terms } = asked;
  if (usageFromAt !== undefined && Date.parse(usageFromAt) >= expiresMs) {
    return reject('usage_interval_empty');
  }
  if (deliveryEndsAt !== null && expiresMs > Date.parse(deliveryEndsAt)) {
    return reject('expiry_after_delivery_window', { deliveryEndsAt });
  }
  return accept({
    type: 'metering.redemption-requested',
    data: {
      ...terms,
      ...(usageFromAt === undefined ? {} : { usageFromAt }),
      requestedAt: metadata.now,
      graceSeconds,
      weightVersion: h100eWeightVersion,
      weightPpm: Number(weightPpm),
    },
  });
}

/** Never refused: the tokens are already held. */
export function confirmReservation(
  { data }: ConfirmReservation,
  state: Reservation,
): Accepted<ReservationEvent> {
  switch (state.status) {
    case 'requested':
      return accept({ type: 'metering.reservation-confirmed', data });
    case 'refused': {
      const { reservationId, held } = data;
      const { partyId, seriesId } = state.terms;
      const captured = microTokens(0n);
      return accept<ReservationEvent>(
        { type: 'metering.reservation-confirmed', data },
        {
          type: 'metering.reservation-closed',
          data: { reservationId, partyId, seriesId, captured, released: held, reason: 'expired' },
        },
      );
    }
    case 'unknown':
    case 'confirmed':
    case 'closed':
      return accept();
  }
}

export function refuseReservation(
  { data }: RefuseReservation,
  state: Reservation,
): Accepted<ReservationEvent> {
  return state.status === 'requested'
    ? accept({ type: 'metering.reservation-refused', data })
    : accept();
}

export function closeReservation(
  _command: CloseReservation,
  state: Reservation,
): Decision<ReservationEvent, CloseReservationRejection> {
  switch (state.status) {
    case 'unknown':
      return reject('reservation_unknown');
    case 'requested':
      return reject('hold_pending');
    case 'refused':
      return reject('reservation_refused');
    case 'closed':
      return accept();
    case 'confirmed':
      return accept(closingOf(state, state.meter.captured, 'requested'));
  }
}

/** Ends what waited beyond its expiry, and what stood open beyond its grace. */
export function expireReservation(
  { data, metadata }: ExpireReservation,
  state: Reservation,
): Accepted<ReservationEvent> {
  const nowMs = Date.parse(metadata.now);
  switch (state.status) {
    case 'requested': {
      if (nowMs < Date.parse(state.terms.expiresAt)) return accept();
      const { reservationId } = data;
      return accept({
        type: 'metering.reservation-refused',
        data: { reservationId, reason: 'hold_not_answered' },
      });
    }
    case 'confirmed':
      return nowMs < releaseMs(state.terms)
        ? accept()
        : accept(closingOf(state, state.meter.captured, 'expired'));
    case 'unknown':
    case 'refused':
    case 'closed':
      return accept();
  }
}

/** The end of a reservation: what it did not capture is released (R6). */
export function closingOf(
  state: HeldReservation,
  captured: bigint,
  reason: ReservationClosed['data']['reason'],
): ReservationClosed {
  const { reservationId, partyId, seriesId } = state.terms;
  return {
    type: 'metering.reservation-closed',
    data: {
      reservationId,
      partyId,
      seriesId,
      captured: microTokens(captured),
      released: microTokens(state.held - captured),
      reason,
    },
  };
}

function sameTerms(
  known: ReservationTerms,
  asked: Omit<
    RequestRedemption['data'],
    'eligible' | 'ineligibility' | 'deliveryEndsAt' | 'graceSeconds'
  >,
): boolean {
  return (
    known.partyId === asked.partyId &&
    known.seriesId === asked.seriesId &&
    known.sku === asked.sku &&
    known.quantity === asked.quantity &&
    Date.parse(known.expiresAt) === Date.parse(asked.expiresAt) &&
    sameInstant(known.usageFromAt, asked.usageFromAt)
  );
}

function sameInstant(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Date.parse(a) === Date.parse(b);
}
