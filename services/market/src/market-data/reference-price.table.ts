import {
  boolean,
  defineTable,
  instant,
  int32,
  int64,
  micro,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';

export const referencePriceTable = defineTable({
  name: 'reference_prices',
  columns: {
    seriesId: uuid(),
    priceTicks: int32(),
    stale: boolean(),
    windowStartsAt: instant(),
    windowEndsAt: instant(),
    throughTradeNumber: int64(),
    minimumTrades: int32(),
    tradeCount: int32(),
    volumeLots: int64(),
    notional: micro(),
    publishedAt: instant(),
  },
  primaryKey: ['seriesId'],
});
export type ReferencePriceRow = RowOf<typeof referencePriceTable>;
