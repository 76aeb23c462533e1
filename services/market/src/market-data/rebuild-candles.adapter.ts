import type { EntityManager } from 'typeorm';
import { intervalMs, startOf, storedIntervals } from './candle.js';

/** What is rebuilt: the candles of a series that have any instant from `from` to `through` in them, ISO 8601. */
export interface CandleRange {
  readonly seriesId: string;
  readonly from: string;
  readonly through: string;
}

/**
 * Makes the stored candles of the range again from the trades: after one was busted or corrected. Runs in the
 * transaction of `manager`, where the trades are as they shall count. Without a range it makes all of them.
 */
export async function rebuildCandles(
  manager: Pick<EntityManager, 'query'>,
  range?: CandleRange,
): Promise<void> {
  for (const length of storedIntervals) {
    const bounds = range && [
      range.seriesId,
      new Date(startOf(length, Date.parse(range.from))).toISOString(),
      new Date(startOf(length, Date.parse(range.through)) + intervalMs[length]).toISOString(),
    ];
    const within = (column: string, ...[series, start, end]: readonly string[]): string =>
      bounds ? `and series_id = ${series} and ${column} >= ${start} and ${column} < ${end}` : '';
    await manager.query(
      `delete from candles where length = $1 ${within('starts_at', '$2', '$3', '$4')}`,
      [length, ...(bounds ?? [])],
    );
    await manager.query(
      `insert into candles
       select series_id, $1, date_bin($2, executed_at, 'epoch'),
              (array_agg(price_ticks order by trade_number))[1], max(price_ticks), min(price_ticks),
              (array_agg(price_ticks order by trade_number desc))[1],
              sum(quantity_lots), sum(notional), count(*), min(trade_number), max(trade_number)
         from trades where true ${within('executed_at', '$3', '$4', '$5')}
        group by 1, 3`,
      [length, `${intervalMs[length]} milliseconds`, ...(bounds ?? [])],
    );
  }
}
