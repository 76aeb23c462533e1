import type {
  RedemptionRequested,
  ReservationClosed,
  ReservationConfirmed,
  ReservationRefused,
  SliceCaptured,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  assertNever,
  assertPossible,
  type Aggregate,
  type StreamRef,
} from '@specie/event-sourcing';
import type { MicroTokens } from '@specie/quantities';

export type ReservationEvent =
  | RedemptionRequested
  | ReservationConfirmed
  | ReservationRefused
  | SliceCaptured
  | ReservationClosed;

export type ReservationTerms = RedemptionRequested['data'];

/** What the meter has counted so far; always derived from the sum of atoms, never from sums of rounded parts. */
export interface Meter {
  readonly sliceCount: number;
  readonly usageCount: number;
  readonly gpuSeconds: bigint;
  readonly atoms: bigint;
  readonly captured: bigint;
}

export type Reservation =
  | { readonly status: 'unknown' }
  | { readonly status: 'requested'; readonly terms: ReservationTerms }
  | { readonly status: 'refused'; readonly terms: ReservationTerms }
  | {
      readonly status: 'confirmed' | 'closed';
      readonly terms: ReservationTerms;
      readonly held: MicroTokens;
      readonly meter: Meter;
    };

/** One that tokens are, or were, held for. */
export type HeldReservation = Extract<Reservation, { held: unknown }>;

const emptyMeter: Meter = { sliceCount: 0, usageCount: 0, gpuSeconds: 0n, atoms: 0n, captured: 0n };

export const reservationAggregate: Aggregate<Reservation, ReservationEvent> = {
  initialState: () => ({ status: 'unknown' }),
  evolve,
};

export function reservationStream(reservationId: string): StreamRef<Reservation, ReservationEvent> {
  return { streamId: streamIds.reservation(reservationId), aggregate: reservationAggregate };
}

/** When a hold that is still open is released: its expiry and the grace. */
export function releaseMs({ expiresAt, graceSeconds = 0 }: ReservationTerms): number {
  return Date.parse(expiresAt) + graceSeconds * 1_000;
}

function evolve(state: Reservation, event: ReservationEvent): Reservation {
  switch (event.type) {
    case 'metering.redemption-requested':
      assertPossible(state.status === 'unknown', 'a redemption is requested once');
      return { status: 'requested', terms: event.data };
    case 'metering.reservation-confirmed':
      // A hold that came after the reservation had given up is confirmed only to be released.
      assertPossible(
        state.status === 'requested' || state.status === 'refused',
        'a hold answers a request',
      );
      return {
        status: 'confirmed',
        terms: state.terms,
        held: event.data.held,
        meter: emptyMeter,
      };
    case 'metering.reservation-refused':
      assertPossible(state.status === 'requested', 'only a waiting reservation is refused');
      return { status: 'refused', terms: state.terms };
    case 'metering.slice-captured':
      assertPossible(state.status === 'confirmed', 'usage needs a confirmed reservation');
      return { ...state, meter: captureSlice(state.meter, event.data, state.held) };
    case 'metering.reservation-closed':
      assertPossible(state.status === 'confirmed', 'only a confirmed reservation is closed');
      assertPossible(
        event.data.captured === state.meter.captured &&
          event.data.captured + event.data.released === state.held,
        'held = captured + released when a reservation closes (S6)',
      );
      return { ...state, status: 'closed' };
    default:
      return assertNever(event);
  }
}

function captureSlice(meter: Meter, data: SliceCaptured['data'], held: bigint): Meter {
  assertPossible(data.sliceNumber === meter.sliceCount + 1, 'slices are numbered without gaps');
  assertPossible(
    meter.atoms + data.atoms === data.atomsCumulative &&
      meter.captured + data.captured === data.capturedCumulative,
    'slices are differences of the cumulative',
  );
  assertPossible(data.capturedCumulative <= held, 'captured never exceeds held (S6)');
  return {
    sliceCount: data.sliceNumber,
    usageCount: meter.usageCount + data.usageCount,
    gpuSeconds: meter.gpuSeconds + data.gpuSeconds,
    atoms: data.atomsCumulative,
    captured: data.capturedCumulative,
  };
}
