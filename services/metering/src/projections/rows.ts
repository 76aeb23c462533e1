import { asBigint, asNumber } from '@specie/nest-platform';
import { EntitySchema } from 'typeorm';

/** bigint and numeric columns arrive as text. */
export interface ReservationRow {
  reservationId: string;
  partyId: string;
  seriesId: string;
  sku: string;
  weightVersion: number;
  weightPpm: number;
  quantity: bigint;
  status: 'requested' | 'refused' | 'confirmed' | 'closed';
  reason: string | null;
  held: bigint;
  captured: bigint;
  released: bigint;
  sliceCount: number;
  usageCount: number;
  gpuSeconds: bigint;
  atoms: bigint;
  requestedAt: Date;
  /** Null for reservations from before usage had to begin after anything. */
  usageFromAt: Date | null;
  expiresAt: Date;
  graceSeconds: number;
  answeredAt: Date | null;
  closedAt: Date | null;
  streamVersion: number;
}
export const ReservationEntity = new EntitySchema<ReservationRow>({
  name: 'Reservation',
  tableName: 'reservations',
  columns: {
    reservationId: { name: 'reservation_id', type: 'uuid', primary: true },
    partyId: { name: 'party_id', type: 'uuid' },
    seriesId: { name: 'series_id', type: 'uuid' },
    sku: { type: 'text' },
    weightVersion: { name: 'weight_version', type: 'int' },
    weightPpm: { name: 'weight_ppm', type: 'int' },
    quantity: { type: 'bigint', transformer: asBigint },
    status: { type: 'text' },
    reason: { type: 'text', nullable: true },
    held: { type: 'bigint', transformer: asBigint },
    captured: { type: 'bigint', transformer: asBigint },
    released: { type: 'bigint', transformer: asBigint },
    sliceCount: { name: 'slice_count', type: 'int' },
    usageCount: { name: 'usage_count', type: 'bigint', transformer: asNumber },
    gpuSeconds: { name: 'gpu_seconds', type: 'numeric', transformer: asBigint },
    atoms: { type: 'numeric', transformer: asBigint },
    requestedAt: { name: 'requested_at', type: 'timestamptz' },
    usageFromAt: { name: 'usage_from_at', type: 'timestamptz', nullable: true },
    expiresAt: { name: 'expires_at', type: 'timestamptz' },
    graceSeconds: { name: 'grace_seconds', type: 'int' },
    answeredAt: { name: 'answered_at', type: 'timestamptz', nullable: true },
    closedAt: { name: 'closed_at', type: 'timestamptz', nullable: true },
    streamVersion: { name: 'stream_version', type: 'int' },
  },
});

export interface UsageRow {
  usageId: string;
  /** Null for records from before names were scoped by provider. */
  providerId: string | null;
  reservationId: string;
  position: number;
  source: string;
  recordId: string;
  evidenceHash: string;
  gpuCount: number;
  fraction7000: number;
  startedAt: Date;
  seconds: number;
  gpuSeconds: bigint;
  atoms: bigint;
}
export const UsageEntity = new EntitySchema<UsageRow>({
  name: 'Usage',
  tableName: 'usage_records',
  columns: {
    usageId: { name: 'usage_id', type: 'uuid', primary: true },
    providerId: { name: 'provider_id', type: 'uuid', nullable: true },
    reservationId: { name: 'reservation_id', type: 'uuid' },
    position: { type: 'bigint', transformer: asNumber },
    source: { type: 'text' },
    recordId: { name: 'record_id', type: 'text' },
    evidenceHash: { name: 'evidence_hash', type: 'text' },
    gpuCount: { name: 'gpu_count', type: 'int' },
    fraction7000: { type: 'int' },
    startedAt: { name: 'started_at', type: 'timestamptz' },
    seconds: { type: 'int' },
    gpuSeconds: { name: 'gpu_seconds', type: 'numeric', transformer: asBigint },
    atoms: { type: 'numeric', transformer: asBigint },
  },
});

export interface SliceRow {
  captureId: string;
  reservationId: string;
  sliceNumber: number;
  usageCount: number;
  gpuSeconds: bigint;
  atoms: bigint;
  captured: bigint;
  capturedCumulative: bigint;
  capturedAt: Date;
}
export const SliceEntity = new EntitySchema<SliceRow>({
  name: 'Slice',
  tableName: 'slices',
  columns: {
    captureId: { name: 'capture_id', type: 'uuid', primary: true },
    reservationId: { name: 'reservation_id', type: 'uuid' },
    sliceNumber: { name: 'slice_number', type: 'int' },
    usageCount: { name: 'usage_count', type: 'int' },
    gpuSeconds: { name: 'gpu_seconds', type: 'numeric', transformer: asBigint },
    atoms: { type: 'numeric', transformer: asBigint },
    captured: { type: 'bigint', transformer: asBigint },
    capturedCumulative: { name: 'captured_cumulative', type: 'bigint', transformer: asBigint },
    capturedAt: { name: 'captured_at', type: 'timestamptz' },
  },
});

/** What the issuer tells about a series. Days are `YYYY-MM-DD`. */
export interface SeriesRow {
  seriesId: string;
  providerId: string;
  windowToOn: string;
}
export const SeriesEntity = new EntitySchema<SeriesRow>({
  name: 'Series',
  tableName: 'series',
  columns: {
    seriesId: { name: 'series_id', type: 'uuid', primary: true },
    providerId: { name: 'provider_id', type: 'uuid' },
    windowToOn: { name: 'window_to_on', type: 'date' },
  },
});

export const meteringEntities = [
  ReservationEntity,
  UsageEntity,
  SliceEntity,
  SeriesEntity,
] as readonly EntitySchema[];
