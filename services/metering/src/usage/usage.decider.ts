/**
 * Usage of a reservation: every record is charged once and exactly, and each batch captures one slice of the hold.
 *
 * R1 (S6): held = captured + released + open, and captured never exceeds held.
 * R2: atoms = seconds x GPUs x fraction (1/7000) x weight (ppm), summed exactly; captured = that sum in micro-tokens,
 *     rounded up once. A slice is a difference of the cumulative, so no order and no split changes the total.
 * R3: A record is named by (provider, source, record id) indefinitely: the same again counts nothing, another content
 *     is refused.
 * R4: A batch counts as a whole or not at all.
 * R7: A record is an interval [startedAt, startedAt + seconds) that has ended, and lies between the request of the
 *     reservation (or the earlier instant the holder agreed to) and its expiry.
 */
import type { SliceCaptured, UsageCharged } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  accept,
  place,
  placeFirst,
  reject,
  type Decision,
  type Placed,
  type ViolationDetails,
} from '@specie/event-sourcing';
import {
  atoms,
  atomsPerMicroToken,
  divideCeil,
  formatMicro,
  gpuSeconds,
  microTokens,
} from '@specie/quantities';
import { closingOf } from '../reservation/reservation.decider.js';
import {
  releaseMs,
  reservationStream,
  type HeldReservation,
  type Reservation,
  type ReservationEvent,
  type ReservationTerms,
} from '../reservation/reservation.state.js';
import { intervalRejections, intervalRules, usageBounds } from './usage-interval.js';
import type { ChargeUsage, UsageRecord } from './usage.commands.js';

/** In check order. */
export const chargeUsageRejections = [
  'reservation_unknown',
  'usage_record_conflict',
  'reservation_not_confirmed',
  'reservation_closed',
  ...intervalRejections,
  'usage_exceeds_hold',
] as const;
export type ChargeUsageRejection = (typeof chargeUsageRejections)[number];

/** An event on the stream of a new record, or on that of the reservation. */
export type PlacedUsage = Placed<UsageCharged | ReservationEvent>;

/** Charges those records of a batch that are new, each on a stream of its own, and captures one slice for them. */
export function chargeUsage(
  { data, metadata }: ChargeUsage,
  state: Reservation,
): Decision<PlacedUsage, ChargeUsageRejection> {
  if (state.status === 'unknown') {
    return reject('reservation_unknown');
  }
  const { fresh, conflicts } = sortRecords(data.records, data.charged);
  if (conflicts.length > 0) {
    return reject('usage_record_conflict', placesOf(conflicts));
  }
  // A repeat is answered as one even after the reservation has closed.
  if (fresh.length === 0) {
    return accept();
  }
  if (state.status === 'requested' || state.status === 'refused') {
    return reject('reservation_not_confirmed', { status: state.status });
  }
  // The sweep may not have come by yet: that must not decide what counts.
  if (state.status === 'closed' || releaseMs(state.terms) <= Date.parse(metadata.now)) {
    return reject('reservation_closed');
  }
  const now = { nowMs: Date.parse(metadata.now), backfill: data.backfill };
  for (const [code, isBroken] of intervalRules(state.terms, now)) {
    const broken = fresh.filter(({ record }) => isBroken(record));
    if (broken.length > 0) {
      return reject(code, {
        now: metadata.now,
        ...usageBounds(state.terms),
        ...placesOf(broken.map(({ index }) => index)),
      });
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
    return reject('usage_exceeds_hold', {
      cost: formatMicro(slice.data.captured),
      left: formatMicro(state.held - state.meter.captured),
    });
  }
  const reservation = reservationStream(data.reservationId);
  return accept<PlacedUsage>(
    ...charges.map(({ record, event }) => placeFirst(streamIds.usage(record.usageId), event)),
    place(reservation, slice),
    ...(slice.data.capturedCumulative === state.held
      ? [place(reservation, closingOf(state, state.held, 'exhausted'))]
      : []),
  );
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

/** The records that a refusal is about, by their places in the batch. */
function placesOf(records: readonly number[]): ViolationDetails {
  return { places: records.slice(0, recordsNamedMax).join(', ') };
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
  state: HeldReservation,
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
