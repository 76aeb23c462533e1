import type { RedemptionRequested } from '@specie/contracts';
import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import type { ReservationEvent } from './reservation.state.js';
import { reservationTable, type ReservationRow } from './reservation.table.js';

type Change<Column extends keyof ReservationRow> = Pick<ReservationRow, Column> & {
  readonly streamVersion: number;
};

/** What a batch changes, by reservation: each is requested, answered, metered and closed in this order. */
interface Changes {
  readonly requested: PlacedEvent<RedemptionRequested>[];
  readonly answered: Map<string, Change<'status' | 'reason' | 'held'> & { answeredAt: string }>;
  readonly metered: Map<
    string,
    Change<'sliceCount' | 'usageCount' | 'gpuSeconds' | 'atoms' | 'captured'>
  >;
  readonly closed: Map<string, Change<'status' | 'reason' | 'released'> & { closedAt: string }>;
}

/** Reservations with their totals. */
export const reservationProjection = defineProjection<ReservationEvent, Changes>({
  name: 'reservations',
  changes: () => ({ requested: [], answered: new Map(), metered: new Map(), closed: new Map() }),
  events: {
    'metering.redemption-requested': ({ requested }, event) => {
      requested.push(event);
    },
    'metering.reservation-confirmed': ({ answered }, { data, streamVersion, occurredAt }) => {
      const { reservationId, held } = data;
      const answer = { status: 'confirmed', reason: null, held } as const;
      answered.set(reservationId, { ...answer, answeredAt: occurredAt, streamVersion });
    },
    'metering.reservation-refused': ({ answered }, { data, streamVersion, occurredAt }) => {
      const { reservationId, reason } = data;
      const answer = { status: 'refused', reason, held: 0n } as const;
      answered.set(reservationId, { ...answer, answeredAt: occurredAt, streamVersion });
    },
    'metering.slice-captured': ({ metered }, { data, streamVersion }) => {
      const before = metered.get(data.reservationId);
      metered.set(data.reservationId, {
        sliceCount: data.sliceNumber,
        usageCount: (before?.usageCount ?? 0) + data.usageCount,
        gpuSeconds: (before?.gpuSeconds ?? 0n) + data.gpuSeconds,
        atoms: data.atomsCumulative,
        captured: data.capturedCumulative,
        streamVersion,
      });
    },
    'metering.reservation-closed': ({ closed }, { data, streamVersion, occurredAt }) => {
      const { reservationId, reason, released } = data;
      const end = { status: 'closed', reason, released } as const;
      closed.set(reservationId, { ...end, closedAt: occurredAt, streamVersion });
    },
  },
  write: async (manager, { requested, answered, metered, closed }) => {
    await reservationTable.insert(manager, requested.map(newRow));
    await reservationTable.set(manager, byId(answered));
    await reservationTable.add(manager, byId(metered), {
      set: ['sliceCount', 'atoms', 'captured', 'streamVersion'],
    });
    await reservationTable.set(manager, byId(closed));
  },
});

function newRow({ data, streamVersion, occurredAt }: PlacedEvent<RedemptionRequested>) {
  return {
    ...data,
    status: 'requested',
    held: 0n,
    captured: 0n,
    released: 0n,
    sliceCount: 0,
    usageCount: 0,
    gpuSeconds: 0n,
    atoms: 0n,
    requestedAt: occurredAt,
    usageFromAt: data.usageFromAt ?? data.requestedAt ?? null,
    streamVersion,
  } as const;
}

function byId<Value extends object>(
  changes: ReadonlyMap<string, Value>,
): (Value & { readonly reservationId: string })[] {
  return [...changes].map(([reservationId, change]) => ({ reservationId, ...change }));
}
