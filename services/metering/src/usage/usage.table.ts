import {
  defineTable,
  instant,
  int32,
  int64,
  micro,
  text,
  uuid,
  wideWhole,
  type RowOf,
} from '@specie/postgres-event-store';

/** Every record that was charged. It is also what recognises a record that comes again, indefinitely. */
export const usageTable = defineTable({
  name: 'usage_records',
  columns: {
    usageId: uuid(),
    /** Null for records from before names were scoped by provider. */
    providerId: uuid().nullable(),
    reservationId: uuid(),
    position: int64(),
    source: text(),
    recordId: text(),
    evidenceHash: text(),
    gpuCount: int32(),
    fraction7000: int32(),
    startedAt: instant(),
    seconds: int32(),
    gpuSeconds: wideWhole(),
    atoms: wideWhole(),
  },
  primaryKey: ['usageId'],
  unique: { usage_record_once: ['providerId', 'source', 'recordId'] },
  indexes: { usage_of_reservation: '(reservation_id, position)' },
});
export type UsageRow = RowOf<typeof usageTable>;

/** What a batch of records captured of the hold. */
export const sliceTable = defineTable({
  name: 'slices',
  columns: {
    captureId: uuid(),
    reservationId: uuid(),
    sliceNumber: int32(),
    usageCount: int32(),
    gpuSeconds: wideWhole(),
    atoms: wideWhole(),
    captured: micro(),
    capturedCumulative: micro(),
    capturedAt: instant(),
  },
  primaryKey: ['captureId'],
  unique: { slices_reservation_id_slice_number_key: ['reservationId', 'sliceNumber'] },
  checks: { slices_captured_check: 'captured >= 0' },
});
export type SliceRow = RowOf<typeof sliceTable>;
