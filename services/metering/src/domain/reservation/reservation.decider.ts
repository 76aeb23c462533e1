/**
 * A reservation: tokens held for GPU use, and the exact metering of that use.
 *
 * R1 (S6): held = captured + released + open, and captured never exceeds held.
 * R2: atoms = seconds x GPUs x fraction (1/7000) x weight (ppm), summed exactly; captured = that sum in micro-tokens,
 *     rounded up once. A slice is a difference of the cumulative, so no order and no split changes the total.
 * R3: A record is named by (provider, source, record id) indefinitely: the same again counts nothing, another content
 *     is refused.
 * R4: A batch counts as a whole or not at all.
 * R5: Weight and weight version are pinned when the reservation is requested.
 * R6: A closed reservation has released what it did not capture; a hold that comes too late is released at once.
 * R7: A record is an interval [startedAt, startedAt + seconds) that has ended, and lies between the request of the
 *     reservation (or the earlier instant the holder agreed to) and its expiry.
 * R8: A hold outlives its expiry by the grace that was pinned at the request: finished work is still reported then.
 */
import type { ReservationClosed, SliceCaptured, UsageCharged } from '@specie/contracts';
import {
  accept,
  reject,
  type Accepted,
  type Decision,
  type Rejected,
  type RejectionDetails,
} from '@specie/event-sourcing';
import {
  atoms,
  atomsPerMicroToken,
  divideCeil,
  formatMicro,
  gpuSeconds,
  gpuSkus,
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
import { intervalRejections, intervalRules, releaseMs, usageBounds } from './usage-interval.js';

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
export const chargeUsageRejections = [
  'reservation_unknown',
  'usage_record_conflict',
  'reservation_not_confirmed',
  'reservation_closed',
  ...intervalRejections,
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

/** Which records of the batch a refusal is about, by their place in it; none where it is about the reservation. */
export type ChargeRefusal = Rejected<ChargeUsageRejection> & {
  readonly records: readonly number[];
};

type ConfirmedReservation = Extract<Reservation, { held: unknown }>;

export function requestRedemption(
  { data, metadata }: RequestRedemption,
  state: Reservation,
): Decision<ReservationEvent, RequestRedemptionRejection> {
  const { eligible, deliveryEndsAt, graceSeconds, ...asked } = data;
  if (state.status !== 'unknown') {
    return sameTerms(state.terms, asked) ? accept() : reject('reservation_exists');
  }
  if (!eligible) {
    return reject('party_ineligible');
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

export function chargeUsage(
  command: ChargeUsage,
  state: Reservation,
): Accepted<PlacedEvent> | ChargeRefusal {
  const { data, metadata } = command;
  if (state.status === 'unknown') {
    return refuse('reservation_unknown');
  }
  const { fresh, conflicts } = sortRecords(data.records, data.charged);
  if (conflicts.length > 0) {
    return refuse('usage_record_conflict', { records: conflicts });
  }
  // A repeat is answered as one even after the reservation has closed.
  if (fresh.length === 0) {
    return accept();
  }
  if (state.status === 'requested' || state.status === 'refused') {
    return refuse('reservation_not_confirmed', { details: { status: state.status } });
  }
  // The sweep may not have come by yet: that must not decide what counts.
  if (state.status === 'closed' || releaseMs(state.terms) <= Date.parse(metadata.now)) {
    return refuse('reservation_closed');
  }
  const now = { nowMs: Date.parse(metadata.now), backfill: data.backfill };
  for (const [code, isBroken] of intervalRules(state.terms, now)) {
    const broken = fresh.filter(({ record }) => isBroken(record));
    if (broken.length > 0) {
      const details = { now: metadata.now, ...usageBounds(state.terms) };
      return refuse(code, { records: broken.map(({ index }) => index), details });
    }
  }
  const charges = fresh.map(({ record }) => ({
    record,
    event: chargeOf(record, data, state.terms),
  }));
  const slice = sliceOf(
    data.captureId,
    charges.map(({ event }) => event),
    state,
  );
  if (slice.data.capturedCumulative > state.held) {
    const details = {
      cost: formatMicro(slice.data.captured),
      left: formatMicro(state.held - state.meter.captured),
    };
    return refuse('usage_exceeds_hold', { details });
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
        : accept(closed(state, state.meter.captured, 'expired'));
    case 'unknown':
    case 'refused':
    case 'closed':
      return accept();
  }
}

/** Micro-tokens that `atomCount` atoms cost: rounded up, because what a party owes is never rounded down. */
export function tokensFor(atomCount: bigint): bigint {
  return divideCeil(atomCount, atomsPerMicroToken);
}

interface FreshRecord {
  readonly record: UsageRecord;
  /** Its place in the batch. */
  readonly index: number;
}

/** The records that are new, once each, and the places of those whose name stands for another content. */
function sortRecords(
  records: readonly UsageRecord[],
  charged: ReadonlyMap<string, string>,
): { readonly fresh: readonly FreshRecord[]; readonly conflicts: readonly number[] } {
  const seen = new Map(charged);
  const fresh: FreshRecord[] = [];
  const conflicts: number[] = [];
  for (const [index, record] of records.entries()) {
    const known = seen.get(record.usageId);
    if (known === undefined) {
      seen.set(record.usageId, record.evidenceHash);
      fresh.push({ record, index });
    } else if (known !== record.evidenceHash) {
      conflicts.push(index);
    }
  }
  return { fresh, conflicts };
}

/** More records than these would only repeat themselves. */
const recordsNamedMax = 32;

function refuse(
  code: ChargeUsageRejection,
  about: { readonly records?: readonly number[]; readonly details?: RejectionDetails } = {},
): ChargeRefusal {
  const { records = [], details } = about;
  const places = records.slice(0, recordsNamedMax).join(', ');
  return { ...reject(code, places === '' ? details : { ...details, places }), records };
}

function chargeOf(
  record: UsageRecord,
  { providerId }: Pick<ChargeUsage['data'], 'providerId'>,
  terms: ReservationTerms,
): UsageCharged {
  const { usageId: _usageId, ...usage } = record;
  const { reservationId, partyId, sku, weightVersion, weightPpm } = terms;
  const seconds = BigInt(record.seconds) * BigInt(record.gpuCount);
  return {
    type: 'metering.usage-charged',
    data: {
      ...usage,
      reservationId,
      partyId,
      providerId,
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
  asked: Omit<RequestRedemption['data'], 'eligible' | 'deliveryEndsAt' | 'graceSeconds'>,
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
