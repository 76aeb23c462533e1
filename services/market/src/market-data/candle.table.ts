import {
  defineTable,
  instant,
  int32,
  int64,
  micro,
  oneOf,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';
import { storedIntervals } from './candle.js';

export const candleTable = defineTable({
  name: 'candles',
  columns: {
    seriesId: uuid(),
    length: oneOf(...storedIntervals),
    startsAt: instant(),
    openTicks: int32(),
    highTicks: int32(),
    lowTicks: int32(),
    closeTicks: int32(),
    volumeLots: int64(),
    turnover: micro(),
    tradeCount: int32(),
    firstTradeNumber: int64(),
    lastTradeNumber: int64(),
  },
  primaryKey: ['seriesId', 'length', 'startsAt'],
  indexes: { candles_of_minutes: `(starts_at) where length = '1m'` },
});
export type CandleRow = RowOf<typeof candleTable>;
