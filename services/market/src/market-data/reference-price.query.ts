import { Inject, Injectable } from '@nestjs/common';
import { Clock, NotFound, SERVICE_CONFIG } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { CandleQuery } from './candle.query.js';
import { intervalMs, startOf } from './candle.js';
import type { MarketDataConfig } from './market-data.config.js';
import { toReferencePriceResponse, type referencePriceResponse } from './market-data.dto.js';
import { publishReferencePrice, type MeasuredWindow } from './reference-price.decider.js';
import type { ReferencePrice } from './reference-price.state.js';
import { referencePriceTable } from './reference-price.table.js';

interface WindowRow {
  readonly series_id: string;
  readonly trade_count: string;
  readonly volume_lots: string;
  readonly notional: string;
  readonly through: string;
  readonly price_ticks: number | null;
  readonly stale: boolean | null;
  readonly window_ends_at: Date | null;
}

/** Reference prices as published, and what the trades say by now. */
@Injectable()
export class ReferencePriceQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CandleQuery) private readonly candles: CandleQuery,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) private readonly config: MarketDataConfig,
  ) {}

  /** @throws NotFound `book_unknown` or `reference_price_unknown` */
  async shown(seriesId: string): Promise<z.output<typeof referencePriceResponse>> {
    await this.candles.requireBook(seriesId);
    const row = await this.dataSource
      .getRepository(referencePriceTable.entity)
      .findOneBy({ seriesId });
    if (!row) {
      throw new NotFound('reference_price_unknown');
    }
    return toReferencePriceResponse(row);
  }

  /** The window that ended with the last whole minute, of each series where it says something new. */
  async due(): Promise<readonly MeasuredWindow[]> {
    const { REFERENCE_PRICE_WINDOW_MINUTES, REFERENCE_PRICE_TRADES_MIN } = this.config;
    const endMs = startOf('1m', Date.parse(this.clock.now()));
    const windowEndsAt = new Date(endMs).toISOString();
    const windowStartsAt = new Date(
      endMs - REFERENCE_PRICE_WINDOW_MINUTES * intervalMs['1m'],
    ).toISOString();
    const rows = await this.dataSource.query<WindowRow[]>(
      `with traded as (
         select series_id, sum(trade_count) as trade_count, sum(volume_lots) as volume_lots,
                sum(turnover) as notional
           from candles where length = '1m' and starts_at >= $1 and starts_at < $2 group by 1)
       select series_id, coalesce(traded.trade_count, 0) as trade_count,
              coalesce(traded.volume_lots, 0) as volume_lots, coalesce(traded.notional, 0) as notional,
              (select coalesce(max(trade_number), 0) from trades) as through,
              price_ticks, stale, window_ends_at
         from traded full join reference_prices using (series_id) order by series_id`,
      [windowStartsAt, windowEndsAt],
    );
    return rows
      .map((row) => ({
        window: {
          seriesId: row.series_id,
          windowStartsAt,
          windowEndsAt,
          throughTradeNumber: Number(row.through),
          minimumTrades: REFERENCE_PRICE_TRADES_MIN,
          tradeCount: Number(row.trade_count),
          volumeLots: Number(row.volume_lots),
          notional: Number(row.notional),
        },
        state: stateOf(row),
      }))
      .filter(({ window, state }) => publishReferencePrice(window, state).events.length > 0)
      .map(({ window }) => window);
  }
}

function stateOf({ price_ticks: priceTicks, stale, window_ends_at }: WindowRow): ReferencePrice {
  return priceTicks === null || stale === null || window_ends_at === null
    ? { status: 'unknown' }
    : { status: 'published', priceTicks, stale, windowEndsAt: window_ends_at.toISOString() };
}
