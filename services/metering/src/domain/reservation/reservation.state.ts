import type {
  RedemptionRequested,
  ReservationClosed,
  ReservationConfirmed,
  ReservationRefused,
  SliceCaptured,
  UsageCharged,
} from '@specie/contracts';
import { assertNever, assertPossible, type Aggregate } from '@specie/event-sourcing';
import type { MicroTokens } from '@specie/quantities';

export type ReservationEvent =
  | RedemptionRequested
  | ReservationConfirmed
  | ReservationRefused
  | SliceCaptured
  | ReservationClosed;

/** An event and where it is recorded: usage has a stream per record, everything else the reservation's. */
export type PlacedEvent =
  | { readonly stream: 'reservation'; readonly event: ReservationEvent }
  | { readonly stream: 'usage'; readonly usageId: string; readonly event: UsageCharged };

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

const emptyMeter: Meter = { sliceCount: 0, usageCount: 0, gpuSeconds: 0n, atoms: 0n, captured: 0n };

export const reservationAggregate: Aggregate<Reservation, ReservationEvent> = {
  initialState: () => ({ status: 'unknown' }),
  evolve,
};

export function evolve(state: Reservation, event: ReservationEvent): Reservation {
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
