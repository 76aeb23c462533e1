import { defineTable, instant, int32, text, uuid, type RowOf } from '@specie/postgres-event-store';

export const bookTable = defineTable({
  name: 'books',
  columns: {
    seriesId: uuid(),
    currency: text<'USD'>(),
    makerFeeBps: int32(),
    takerFeeBps: int32(),
    minimumLots: int32(),
    maximumLots: int32(),
    openedAt: instant(),
  },
  primaryKey: ['seriesId'],
});
export type BookRow = RowOf<typeof bookTable>;
