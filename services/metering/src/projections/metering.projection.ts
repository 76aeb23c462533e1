import { eventCodec, type UsageCharged } from '@specie/contracts';
import { assertNever, type RecordedEvent } from '@specie/event-sourcing';
import type { Projection } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';
import type { ReservationEvent } from '../domain/reservation/index.js';
import { insertRows, type Row } from '@specie/postgres-event-store';

/** Reservations with their totals, every usage record once, and the slices that were captured. */
export const meteringProjection: Projection = {
  name: 'metering',
  apply: async (manager, recorded) => {
    const usage: Row[] = [];
    const slices: Row[] = [];
    for (const event of recorded) {
      if (event.type === 'metering.usage-charged') {
        usage.push(usageRow(event));
      } else if (event.type === 'metering.slice-captured') {
        slices.push(sliceRow(event));
      }
    }
    // A thousand records are one statement; the few events of reservations follow one by one, in order.
    await insertRows(manager, 'usage_records', usage);
    await insertRows(manager, 'slices', slices);
    for (const event of recorded) {
      if (event.type !== 'metering.usage-charged' && event.type !== 'metering.state-attested') {
        await followReservation(manager, event);
      }
    }
  },
};

/** The wire form already is what the columns take, so a record is not decoded only to be written down again. */
function usageRow({ data, position, streamId }: RecordedEvent): Row {
  type Field = Exclude<keyof UsageCharged['data'], 'providerId'>;
  const usage = data as Readonly<Record<Field, string | number>> & { readonly providerId?: string };
  return {
    usage_id: streamId.slice('usage-'.length),
    provider_id: usage.providerId ?? null,
    reservation_id: usage.reservationId,
    position,
    source: usage.source,
    record_id: usage.recordId,
    evidence_hash: usage.evidenceHash,
    gpu_count: usage.gpuCount,
    fraction7000: usage.fraction7000,
    started_at: usage.startedAt,
    seconds: usage.seconds,
    gpu_seconds: usage.gpuSeconds,
    atoms: usage.atoms,
  };
}

function sliceRow(recorded: RecordedEvent): Row {
  const { data } = eventCodec.decode(recorded) as Extract<
    ReservationEvent,
    { type: 'metering.slice-captured' }
  >;
  return {
    capture_id: data.captureId,
    reservation_id: data.reservationId,
    slice_number: data.sliceNumber,
    usage_count: data.usageCount,
    gpu_seconds: data.gpuSeconds.toString(),
    atoms: data.atoms.toString(),
    captured: data.captured.toString(),
    captured_cumulative: data.capturedCumulative.toString(),
    captured_at: recorded.occurredAt,
  };
}

async function followReservation(manager: EntityManager, recorded: RecordedEvent): Promise<void> {
  const event = eventCodec.decode(recorded) as ReservationEvent;
  const { streamVersion, occurredAt } = recorded;
  const set = (assignments: string, ...values: readonly unknown[]): Promise<unknown> =>
    manager.query(
      `update reservations set stream_version = $2, ${assignments} where reservation_id = $1`,
      [event.data.reservationId, streamVersion, ...values],
    );
  switch (event.type) {
    case 'metering.redemption-requested': {
      const { data } = event;
      await insertRows(manager, 'reservations', [
        {
          reservation_id: data.reservationId,
          party_id: data.partyId,
          series_id: data.seriesId,
          sku: data.sku,
          weight_version: data.weightVersion,
          weight_ppm: data.weightPpm,
          quantity: data.quantity.toString(),
          status: 'requested',
          held: '0',
          captured: '0',
          released: '0',
          slice_count: 0,
          usage_count: 0,
          gpu_seconds: '0',
          atoms: '0',
          requested_at: occurredAt,
          usage_from_at: data.usageFromAt ?? data.requestedAt ?? null,
          expires_at: data.expiresAt,
          grace_seconds: data.graceSeconds ?? 0,
          stream_version: streamVersion,
        },
      ]);
      return;
    }
    case 'metering.reservation-confirmed':
      await set(
        `status = 'confirmed', reason = null, held = $3, answered_at = $4`,
        event.data.held.toString(),
        occurredAt,
      );
      return;
    case 'metering.reservation-refused':
      await set(`status = 'refused', reason = $3, answered_at = $4`, event.data.reason, occurredAt);
      return;
    case 'metering.slice-captured':
      await set(
        `slice_count = $3, usage_count = usage_count + $4, gpu_seconds = gpu_seconds + $5, atoms = $6, captured = $7`,
        event.data.sliceNumber,
        event.data.usageCount,
        event.data.gpuSeconds.toString(),
        event.data.atomsCumulative.toString(),
        event.data.capturedCumulative.toString(),
      );
      return;
    case 'metering.reservation-closed':
      await set(
        `status = 'closed', reason = $3, released = $4, closed_at = $5`,
        event.data.reason,
        event.data.released.toString(),
        occurredAt,
      );
      return;
    default:
      assertNever(event);
  }
}
