/**
 * A reservation: tokens held for GPU use, and the exact metering of that use.
 *
 * R1 (S6): held = captured + released + open, and captured never exceeds held.
 * R2: atoms = seconds x GPUs x fraction (1/7000) x weight (ppm), summed exactly; captured = that sum in micro-tokens,
 *     rounded up once. A slice is a difference of the cumulative, so no order and no split changes the total.
 * R3: A record is named by (source, record id) for ever: the same again counts nothing, another content is refused.
 * R4: A batch counts as a whole or not at all.
 * R5: Weight and weight version are pinned when the reservation is requested.
 * R6: A closed reservation has released what it did not capture; a hold that comes too late is released at once.
 */
import type { ReservationClosed, SliceCaptured, UsageCharged } from '@specie/contracts';
import { accept, reject, type Accepted, type Decision } from '@specie/event-sourcing';
import {
  atoms,
  atomsPerMicroToken,
  divideCeil,
  gpuSeconds,
  h100eWeightPpm,
  h100eWeightVersion,
  microTokens,
} from '@specie/quantities';
import type {
  ChargeUsage,
  CloseReservation,
  ConfirmReservation,
  ExpireReservation,
  RefuseReservation,
  RequestRedemption,
  UsageRecord,
} from './reservation.commands.js';
import type {
  PlacedEvent,
  Reservation,
  ReservationEvent,
  ReservationTerms,
} from './reservation.state.js';

/** In check order. */
export const requestRedemptionRejections = [
  'reservation_exists',
  'party_ineligible',
  'sku_without_weight',
  'quantity_not_positive',
  'expiry_in_past',
] as const;
export const chargeUsageRejections = [
  'reservation_unknown',
  'usage_record_conflict',
  'reservation_not_confirmed',
  'reservation_closed',
  'usage_in_future',
  'usage_too_old',
  'usage_after_expiry',
  'usage_exceeds_hold',
] as const;
export const closeReservationRejections = [
  'reservation_unknown',
  'hold_pending',
  'reservation_refused',
] as const;

export type RequestRedemptionRejection = (typeof requestRedemptionRejections)[number];
export type ChargeUsageRejection = (typeof chargeUsageRejections)[number];
export type CloseReservationRejection = (typeof closeReservationRejections)[number];

/** Event times accepted, relative to now; older ones need the backfill permission. */
export const usageAgeMsMax = 35 * 24 * 60 * 60 * 1000;
export const usageLeadMsMax = 5 * 60 * 1000;

type ConfirmedReservation = Extract<Reservation, { held: unknown }>;

export function requestRedemption(
  { data, metadata }: RequestRedemption,
  state: Reservation,
): Decision<ReservationEvent, RequestRedemptionRejection> {
  const { eligible, ...asked } = data;
  if (state.status !== 'unknown') {
    return sameTerms(state.terms, asked) ? accept() : reject('reservation_exists');
  }
  if (!eligible) {
    return reject('party_ineligible');
  }
  const weightPpm = h100eWeightPpm(asked.sku, h100eWeightVersion);
  if (weightPpm === null) {
    return reject('sku_without_weight');
  }
  if (asked.quantity <= 0n) {
    return reject('quantity_not_positive');
  }
  if (Date.parse(asked.expiresAt) <= Date.parse(metadata.now)) {
    return reject('expiry_in_past');
  }
  return accept({
    type: 'metering.redemption-requested',
    data: { ...asked, weightVersion: h100eWeightVersion, weightPpm: Number(weightPpm) },
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

export function chargeUsage(
  command: ChargeUsage,
  state: Reservation,
): Decision<PlacedEvent, ChargeUsageRejection> {
  const { data, metadata } = command;
  if (state.status === 'unknown') {
    return reject('reservation_unknown');
  }
  const fresh = freshRecords(data.records, data.charged);
  if (fresh === 'conflict') {
    return reject('usage_record_conflict');
  }
  // A repeat is answered as one even after the reservation has closed.
  if (fresh.length === 0) {
    return accept();
  }
  if (state.status === 'requested' || state.status === 'refused') {
    return reject('reservation_not_confirmed');
  }
  if (state.status === 'closed') {
    return reject('reservation_closed');
  }
  const starts = fresh.map(({ startedAt }) => Date.parse(startedAt));
  const nowMs = Date.parse(metadata.now);
  if (starts.some((startMs) => startMs > nowMs + usageLeadMsMax)) {
    return reject('usage_in_future');
  }
  if (!data.backfill && starts.some((startMs) => startMs < nowMs - usageAgeMsMax)) {
    return reject('usage_too_old');
  }
  const expiresMs = Date.parse(state.terms.expiresAt);
  if (starts.some((startMs) => startMs >= expiresMs)) {
    return reject('usage_after_expiry');
  }
  const charges = fresh.map((record) => ({ record, event: chargeOf(record, state.terms) }));
  const slice = sliceOf(
    data.captureId,
    charges.map(({ event }) => event),
    state,
  );
  if (slice.data.capturedCumulative > state.held) {
    return reject('usage_exceeds_hold');
  }
  const events: PlacedEvent[] = charges.map(({ record, event }) => ({
    stream: 'usage',
    usageId: record.usageId,
    event,
  }));
  events.push({ stream: 'reservation', event: slice });
  if (slice.data.capturedCumulative === state.held) {
    events.push({ stream: 'reservation', event: closed(state, state.held, 'exhausted') });
  }
  return accept(...events);
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
      return accept(closed(state, state.meter.captured, 'requested'));
  }
}

/** Ends what waited or stood open beyond its expiry. */
export function expireReservation(
  { data, metadata }: ExpireReservation,
  state: Reservation,
): Accepted<ReservationEvent> {
  if (state.status === 'unknown' || Date.parse(state.terms.expiresAt) > Date.parse(metadata.now)) {
    return accept();
  }
  switch (state.status) {
    case 'requested': {
      const { reservationId } = data;
      return accept({
        type: 'metering.reservation-refused',
        data: { reservationId, reason: 'hold_not_answered' },
      });
    }
    case 'confirmed':
      return accept(closed(state, state.meter.captured, 'expired'));
    case 'refused':
    case 'closed':
      return accept();
  }
}

/** Micro-tokens that `atomCount` atoms cost: rounded up, because what a party owes is never rounded down. */
export function tokensFor(atomCount: bigint): bigint {
  return divideCeil(atomCount, atomsPerMicroToken);
}

/** The records that are new, once each; `conflict` if an id comes with two contents. */
function freshRecords(
  records: readonly UsageRecord[],
  charged: ReadonlyMap<string, string>,
): UsageRecord[] | 'conflict' {
  const seen = new Map(charged);
  const fresh: UsageRecord[] = [];
  for (const record of records) {
    const known = seen.get(record.usageId);
    if (known === undefined) {
      seen.set(record.usageId, record.evidenceHash);
      fresh.push(record);
    } else if (known !== record.evidenceHash) {
      return 'conflict';
    }
  }
  return fresh;
}

function chargeOf(record: UsageRecord, terms: ReservationTerms): UsageCharged {
  const { usageId: _usageId, ...usage } = record;
  const { reservationId, partyId, sku, weightVersion, weightPpm } = terms;
  const seconds = BigInt(record.seconds) * BigInt(record.gpuCount);
  return {
    type: 'metering.usage-charged',
    data: {
      ...usage,
      reservationId,
      partyId,
      sku,
      weightVersion,
      weightPpm,
      gpuSeconds: gpuSeconds(seconds),
      atoms: atoms(seconds * BigInt(record.fraction7000) * BigInt(weightPpm)),
    },
  };
}

function sliceOf(
  captureId: string,
  charges: readonly UsageCharged[],
  state: ConfirmedReservation,
): SliceCaptured {
  const { reservationId, partyId, seriesId } = state.terms;
  const { meter } = state;
  const addedSeconds = charges.reduce((sum, { data }) => sum + data.gpuSeconds, 0n);
  const addedAtoms = charges.reduce((sum, { data }) => sum + data.atoms, 0n);
  const atomsCumulative = meter.atoms + addedAtoms;
  const capturedCumulative = tokensFor(atomsCumulative);
  return {
    type: 'metering.slice-captured',
    data: {
      reservationId,
      partyId,
      seriesId,
      captureId,
      sliceNumber: meter.sliceCount + 1,
      usageCount: charges.length,
      gpuSeconds: gpuSeconds(addedSeconds),
      atoms: atoms(addedAtoms),
      atomsCumulative: atoms(atomsCumulative),
      captured: microTokens(capturedCumulative - meter.captured),
      capturedCumulative: microTokens(capturedCumulative),
    },
  };
}

function closed(
  state: ConfirmedReservation,
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
  asked: Omit<RequestRedemption['data'], 'eligible'>,
): boolean {
  return (
    known.partyId === asked.partyId &&
    known.seriesId === asked.seriesId &&
    known.sku === asked.sku &&
    known.quantity === asked.quantity &&
    Date.parse(known.expiresAt) === Date.parse(asked.expiresAt)
  );
}
