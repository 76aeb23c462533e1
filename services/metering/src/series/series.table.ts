import { day, defineTable, uuid, type RowOf } from '@specie/postgres-event-store';

/** What the issuer tells about a series. */
export const seriesTable = defineTable({
  name: 'series',
  columns: { seriesId: uuid(), providerId: uuid(), windowToOn: day() },
  primaryKey: ['seriesId'],
  indexes: { series_of_provider: '(provider_id)' },
});
export type SeriesRow = RowOf<typeof seriesTable>;
