import { atomsPerMicroToken, divideCeil, formatMicro, min } from '@specie/quantities';
import type { Collection } from '../digest.js';
import { movementAt, Movements, type Movement } from '../hand-overs.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService, WireData } from '../wire-events.js';
import type { Fold } from './fold.js';
import { intervalOf, misplacedIn, type UsageInterval } from './usage-interval.js';

type Event = EventOfService<'metering'>;

interface Reservation {
  readonly partyId: string;
  readonly seriesId: string;
  /** Null for a reservation from before there were such terms. */
  readonly interval: UsageInterval | null;
  /** Who reported its usage, as far as the records say. */
  readonly providerIds: Set<string>;
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
  /** What was asked of the issuer, and what the meter recorded of his answers. */
  readonly redemptions = new Movements();
  readonly holdsRecorded = new Movements();
  readonly captures = new Movements();
  readonly releases = new Movements();
  readonly reservations = new Map<string, Reservation>();
  private readonly captureIds = new Set<string>();
  private readonly records = new Set<string>();
  /** Checked at the end of the command that charged them: usage and its slice are one append. */
  private readonly charged = new Map<string, Event>();
  private readonly closed = new Map<string, Event>();

  constructor(private readonly invariants: Invariants) {}

  apply(event: Event): void {
    switch (event.type) {
      case 'metering.redemption-requested':
        return this.request(event, event.data);
      case 'metering.usage-charged':
        return this.charge(event, event.data);
      case 'metering.state-attested':
      case 'metering.input-discarded':
        return;
      case 'metering.reservation-confirmed':
      case 'metering.reservation-refused':
      case 'metering.slice-captured':
      case 'metering.reservation-closed':
        return this.advance(event);
    }
  }

  closeCommand(): void {
    for (const [reservationId, event] of this.charged) {
      const row = this.reservations.get(reservationId);
      const agrees =
        row?.chargedCount === row?.usageCount &&
        row?.chargedGpuSeconds === row?.gpuSeconds &&
        row?.chargedAtoms === row?.atoms;
      if (!agrees) {
        this.invariants.violatedAt(
          'S6',
          event,
          `reservation ${reservationId}: its slices are not the sum of its usage records`,
        );
      }
    }
    for (const [reservationId, event] of this.closed) {
      const row = this.reservations.get(reservationId);
      if (row === undefined || event.type !== 'metering.reservation-closed') {
        continue;
      }
      const stated = micro(event.data.captured);
      if (row.captured !== stated || row.captured + row.released !== row.held) {
        const amounts = `${formatMicro(row.held)} held, ${formatMicro(row.captured)} captured (${event.data.captured} stated), ${formatMicro(row.released)} released`;
        this.invariants.violatedAt('S6', event, `reservation ${reservationId}: ${amounts}`);
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
      this.invariants.violatedAt('S9', event, `reservation ${reservationId} is requested twice`);
      return;
    }
    const told = { partyId, seriesId, quantity: micro(data.quantity) };
    this.redemptions.add(reservationMovement(event, reservationId, told));
    this.reservations.set(reservationId, {
      partyId,
      seriesId,
      interval: intervalOf(event, data),
      providerIds: new Set(),
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
    // Every provider has record names of its own.
    const record = [data.providerId, data.source, data.recordId].join(' ').trim();
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
        `usage record ${record} of reservation ${data.reservationId} is not seconds x GPUs x fraction x weight`,
      );
    }
    const misplaced = misplacedIn(reservation.interval, event, data);
    if (misplaced !== null) {
      this.invariants.violatedAt('S6', event, misplaced);
    }
    if (data.providerId !== undefined) {
      reservation.providerIds.add(data.providerId);
    }
    reservation.chargedCount += 1;
    reservation.chargedGpuSeconds += BigInt(data.gpuSeconds);
    reservation.chargedAtoms += BigInt(data.atoms);
    this.charged.set(data.reservationId, event);
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
      case 'metering.reservation-confirmed': {
        reservation.status = 'confirmed';
        reservation.held = micro(event.data.held);
        const { partyId, seriesId, held } = reservation;
        const told = { partyId, seriesId, quantity: held };
        this.holdsRecorded.add(reservationMovement(event, event.data.reservationId, told));
        return;
      }
      case 'metering.reservation-refused': {
        reservation.status = 'refused';
        const { partyId, seriesId } = reservation;
        // A reservation that expires without an answer is refused by the meter itself.
        const isTentative = event.data.reason === 'hold_not_answered';
        const told = { partyId, seriesId, outcome: 'refused' as const, isTentative };
        this.holdsRecorded.add(reservationMovement(event, event.data.reservationId, told));
        return;
      }
      case 'metering.slice-captured':
        return this.capture(event, reservation, event.data);
      case 'metering.reservation-closed':
        reservation.status = 'closed';
        reservation.released = micro(event.data.released);
        this.checkOwner(event, reservation, event.data);
        this.releases.add(
          reservationMovement(event, event.data.reservationId, {
            ...{ partyId: event.data.partyId, seriesId: event.data.seriesId },
            quantity: reservation.released,
          }),
        );
        this.closed.set(event.data.reservationId, event);
        return;
    }
  }

  private checkOwner(
    event: Event,
    reservation: Reservation,
    { partyId, seriesId }: { readonly partyId: string; readonly seriesId: string },
  ): void {
    if (reservation.partyId !== partyId || reservation.seriesId !== seriesId) {
      const owner = `party ${reservation.partyId} and series ${reservation.seriesId}`;
      this.invariants.violatedAt('S6', event, `the reservation is of ${owner}`);
    }
  }

  private capture(
    event: Event,
    reservation: Reservation,
    data: WireData<'metering.slice-captured'>,
  ): void {
    const { captureId, reservationId, partyId, seriesId } = data;
    const quantity = micro(data.captured);
    this.checkOwner(event, reservation, data);
    if (reservation.status === 'closed') {
      const reason = `capture ${captureId} of reservation ${reservationId}, which is closed`;
      this.invariants.violatedAt('S6', event, reason);
    }
    if (this.captureIds.has(captureId) || data.sliceNumber !== reservation.sliceCount + 1) {
      this.invariants.violatedAt(
        'S9',
        event,
        `reservation ${reservationId}: slice ${data.sliceNumber} follows slice ${reservation.sliceCount}`,
      );
    }
    this.captureIds.add(captureId);
    // Nothing to burn, nothing to hand over: use below one micro-token beyond what was rounded up before.
    if (quantity > 0n) {
      const told = { key: captureId, movementId: captureId, about: reservationId };
      const account = `${seriesId}/${partyId}`;
      this.captures.add(movementAt(event, { ...told, account, partyId, seriesId, quantity }));
    }
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
        `capture ${captureId} of reservation ${reservationId} is not the rounded cumulative of the charges`,
      );
    }
    this.charged.set(reservationId, event);
  }
}

function reservationMovement(
  event: Event,
  reservationId: string,
  told: Pick<Movement, 'partyId' | 'seriesId'> & Partial<Movement>,
): Movement {
  const account = `${told.seriesId ?? ''}/${told.partyId ?? ''}`;
  const named = { key: reservationId, movementId: reservationId, about: reservationId, account };
  return movementAt(event, { ...named, ...told });
}
