import { atomsPerMicroToken, divideCeil, formatMicro, min } from '@specie/quantities';
import type { Collection } from '../digest.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService, WireData } from '../wire-events.js';
import type { Fold } from './fold.js';

type Event = EventOfService<'metering'>;

interface Reservation {
  readonly partyId: string;
  readonly seriesId: string;
  readonly requested: bigint;
  /** When the hold was confirmed. */
  confirmedAtMs: number;
  status: 'requested' | 'refused' | 'confirmed' | 'closed';
  held: bigint;
  captured: bigint;
  released: bigint;
  usageCount: number;
  gpuSeconds: bigint;
  atoms: bigint;
  /** Of single records, which slices must add up to. */
  chargedCount: number;
  chargedGpuSeconds: bigint;
  chargedAtoms: bigint;
  sliceCount: number;
}

/** Reservations and what was charged on them. */
export class MeteringFold implements Fold<Event> {
  readonly service = 'metering';
  readonly reservations = new Map<string, Reservation>();
  /** By capture id. */
  readonly captures = new Map<
    string,
    { readonly reservationId: string; readonly quantity: bigint }
  >();
  private readonly records = new Set<string>();
  /** Checked at the end of the command that charged them: usage and its slice are one append. */
  private readonly charged = new Set<string>();
  private readonly closed = new Map<string, Event>();

  constructor(private readonly invariants: Invariants) {}

  apply(event: Event): void {
    switch (event.type) {
      case 'metering.redemption-requested':
        return this.request(event, event.data);
      case 'metering.usage-charged':
        return this.charge(event, event.data);
      case 'metering.state-attested':
        return;
      case 'metering.reservation-confirmed':
      case 'metering.reservation-refused':
      case 'metering.slice-captured':
      case 'metering.reservation-closed':
        return this.advance(event);
    }
  }

  closeCommand(): void {
    for (const reservationId of this.charged) {
      const row = this.reservations.get(reservationId);
      const agrees =
        row?.chargedCount === row?.usageCount &&
        row?.chargedGpuSeconds === row?.gpuSeconds &&
        row?.chargedAtoms === row?.atoms;
      if (!agrees) {
        this.invariants.violated(
          'S6',
          `reservation ${reservationId}: its slices are not the sum of its usage records`,
        );
      }
    }
    for (const [reservationId, event] of this.closed) {
      const row = this.reservations.get(reservationId);
      if (row !== undefined && row.captured + row.released !== row.held) {
        this.invariants.violatedAt('S6', event, 'held is not captured + released');
      }
    }
    this.charged.clear();
    this.closed.clear();
  }

  collections(): readonly Collection[] {
    return [
      {
        name: 'reservations',
        rows: [...this.reservations].map(([id, row]) => [
          id,
          {
            partyId: row.partyId,
            seriesId: row.seriesId,
            status: row.status,
            held: formatMicro(row.held),
            captured: formatMicro(row.captured),
            released: formatMicro(row.released),
            usageCount: row.usageCount,
            gpuSeconds: row.gpuSeconds.toString(),
            atoms: row.atoms.toString(),
          },
        ]),
      },
    ];
  }

  /** GPU-seconds captured, in total and by party. */
  gpuSeconds(): { readonly total: bigint; readonly byParty: ReadonlyMap<string, bigint> } {
    const byParty = new Map<string, bigint>();
    let total = 0n;
    for (const { partyId, gpuSeconds } of this.reservations.values()) {
      byParty.set(partyId, (byParty.get(partyId) ?? 0n) + gpuSeconds);
      total += gpuSeconds;
    }
    return { total, byParty };
  }

  private request(event: Event, data: WireData<'metering.redemption-requested'>): void {
    const { reservationId, partyId, seriesId } = data;
    if (this.reservations.has(reservationId)) {
      this.invariants.violatedAt('S9', event, 'the redemption is requested twice');
      return;
    }
    this.reservations.set(reservationId, {
      partyId,
      seriesId,
      requested: micro(data.quantity),
      confirmedAtMs: 0,
      status: 'requested',
      held: 0n,
      captured: 0n,
      released: 0n,
      usageCount: 0,
      gpuSeconds: 0n,
      atoms: 0n,
      chargedCount: 0,
      chargedGpuSeconds: 0n,
      chargedAtoms: 0n,
      sliceCount: 0,
    });
  }

  private charge(event: Event, data: WireData<'metering.usage-charged'>): void {
    const record = `${data.source} ${data.recordId}`;
    if (this.records.has(record)) {
      this.invariants.violatedAt('S9', event, `the usage record ${record} is charged twice`);
    }
    this.records.add(record);
    const reservation = this.reservations.get(data.reservationId);
    if (reservation === undefined) {
      this.invariants.violatedAt('S6', event, 'usage without a reservation');
      return;
    }
    const { seconds, gpuCount, fraction7000, weightPpm } = data;
    const atoms = BigInt(seconds) * BigInt(gpuCount) * BigInt(fraction7000) * BigInt(weightPpm);
    if (
      BigInt(data.atoms) !== atoms ||
      BigInt(data.gpuSeconds) !== BigInt(seconds) * BigInt(gpuCount)
    ) {
      this.invariants.violatedAt(
        'S6',
        event,
        'the charge is not seconds x GPUs x fraction x weight',
      );
    }
    reservation.chargedCount += 1;
    reservation.chargedGpuSeconds += BigInt(data.gpuSeconds);
    reservation.chargedAtoms += BigInt(data.atoms);
    this.charged.add(data.reservationId);
  }

  private advance(
    event: Extract<
      Event,
      {
        type:
          | 'metering.reservation-confirmed'
          | 'metering.reservation-refused'
          | 'metering.slice-captured'
          | 'metering.reservation-closed';
      }
    >,
  ): void {
    const reservation = this.reservations.get(event.data.reservationId);
    if (reservation === undefined) {
      this.invariants.violatedAt('S6', event, 'the reservation was never requested');
      return;
    }
    switch (event.type) {
      case 'metering.reservation-confirmed':
        reservation.status = 'confirmed';
        reservation.held = micro(event.data.held);
        reservation.confirmedAtMs = event.recordedAtMs;
        return;
      case 'metering.reservation-refused':
        reservation.status = 'refused';
        return;
      case 'metering.slice-captured':
        return this.capture(event, reservation, event.data);
      case 'metering.reservation-closed':
        reservation.status = 'closed';
        reservation.released = micro(event.data.released);
        this.closed.set(event.data.reservationId, event);
        return;
    }
  }

  private capture(
    event: Event,
    reservation: Reservation,
    data: WireData<'metering.slice-captured'>,
  ): void {
    const { captureId, reservationId } = data;
    const quantity = micro(data.captured);
    if (this.captures.has(captureId) || data.sliceNumber !== reservation.sliceCount + 1) {
      this.invariants.violatedAt(
        'S9',
        event,
        `slice ${data.sliceNumber} follows slice ${reservation.sliceCount}`,
      );
    }
    this.captures.set(captureId, { reservationId, quantity });
    reservation.sliceCount = data.sliceNumber;
    reservation.captured += quantity;
    reservation.usageCount += data.usageCount;
    reservation.gpuSeconds += BigInt(data.gpuSeconds);
    reservation.atoms += BigInt(data.atoms);
    // Rounded once, on the cumulative: no split of the same usage changes the total.
    const owed = min(divideCeil(reservation.atoms, atomsPerMicroToken), reservation.held);
    if (reservation.captured !== owed || micro(data.capturedCumulative) !== owed) {
      this.invariants.violatedAt(
        'S6',
        event,
        'captured is not the rounded cumulative of the charges',
      );
    }
    this.charged.add(reservationId);
  }
}
