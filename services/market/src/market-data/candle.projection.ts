import type { TradeExecuted } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { candleOf, mergeCandles, startOf, storedIntervals, type CandleBody } from './candle.js';
import { candleTable, type CandleRow } from './candle.table.js';

type Key = Pick<CandleRow, 'seriesId' | 'length'> & { readonly startsAt: string };

/** By series, length and start. */
type Changes = Map<string, { readonly key: Key; readonly body: CandleBody }>;

export const candleProjection = defineProjection<TradeExecuted, Changes>({
  name: 'candles',
  changes: () => new Map(),
  events: {
    'market.trade-executed': (changes, { data, occurredAt }) => {
      const { seriesId } = data;
      const added = candleOf({ ...data, notional: BigInt(data.notional) });
      for (const length of storedIntervals) {
        const startsAt = new Date(startOf(length, Date.parse(occurredAt))).toISOString();
        const name = `${seriesId}/${length}/${startsAt}`;
        const body = changes.get(name)?.body;
        changes.set(name, {
          key: { seriesId, length, startsAt },
          body: body ? mergeCandles(body, added) : added,
        });
      }
    },
  },
  write: async (manager, changes) => {
    const { rows } = candleTable.sideRows(
      [...changes.values()].map(({ key, body }) => ({ ...key, ...body })),
    );
    // The trades of a batch come after all those in the table, so its last price is the close.
    await manager.query(
      `insert into candles select * from json_populate_recordset(null::candles, $1)
       on conflict (series_id, length, starts_at) do update set
         high_ticks = greatest(candles.high_ticks, excluded.high_ticks),
         low_ticks = least(candles.low_ticks, excluded.low_ticks),
         close_ticks = excluded.close_ticks,
         volume_lots = candles.volume_lots + excluded.volume_lots,
         turnover = candles.turnover + excluded.turnover,
         trade_count = candles.trade_count + excluded.trade_count,
         last_trade_number = excluded.last_trade_number`,
      [JSON.stringify(rows)],
    );
  },
});
