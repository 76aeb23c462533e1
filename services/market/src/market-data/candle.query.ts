import { Inject, Injectable } from '@nestjs/common';
import { Clock, NotFound, Unprocessable } from '@specie/nest-platform';
import { microMoney } from '@specie/quantities';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import {
  fillCandles,
  intervalMs,
  partsOf,
  startOf,
  vwapTicks,
  type Candle,
  type CandleInterval,
} from './candle.js';
import {
  toCandleItem,
  type candlesQuery,
  type candlesResponse,
  type statisticsResponse,
} from './market-data.dto.js';

/** So many intervals are answered at once, traded in or not. */
const intervalCountMax = 1_000;
const intervalCountDefault = 100;
const statisticsMs = 86_400_000;

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Candles and what is made of them. Public, so every question has a bound. */
@Injectable()
export class CandleQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * The candles that start in the window, oldest first.
   *
   * @throws NotFound `book_unknown`, Unprocessable `candle_window_empty` or `candle_window_too_long`
   */
  async candles(
    seriesId: string,
    { interval, from, to, fill }: z.output<typeof candlesQuery>,
  ): Promise<z.output<typeof candlesResponse>> {
    await this.requireBook(seriesId);
    const window = this.windowOf(interval, from, to);
    const traded = await this.read(seriesId, interval, window);
    const candles = fill
      ? fillCandles(traded, {
          ...window,
          interval,
          closeBeforeTicks: await this.closeBefore(seriesId, window.fromMs),
        })
      : traded;
    return { seriesId, interval, items: candles.map(toCandleItem) };
  }

  /** What traded in the last 24 hours, from a whole minute on. @throws NotFound `book_unknown` */
  async statistics(seriesId: string): Promise<z.output<typeof statisticsResponse>> {
    await this.requireBook(seriesId);
    const toMs = Date.parse(this.clock.now());
    const fromMs = startOf('1m', toMs - statisticsMs);
    const [day] = await this.dataSource.query<CandleSum[]>(
      `select ${sums} from candles
        where series_id = $1 and length = '1m' and starts_at >= $2 having count(*) > 0`,
      [seriesId, new Date(fromMs).toISOString()],
    );
    const turnover = BigInt(day?.turnover ?? 0);
    const volumeLots = Number(day?.volume_lots ?? 0);
    return {
      seriesId,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      openTicks: day?.open_ticks ?? null,
      highTicks: day?.high_ticks ?? null,
      lowTicks: day?.low_ticks ?? null,
      lastTicks: day?.close_ticks ?? (await this.closeBefore(seriesId, fromMs)),
      volumeLots,
      turnover: microMoney(turnover),
      tradeCount: Number(day?.trade_count ?? 0),
      vwapTicks: vwapTicks(turnover, volumeLots),
    };
  }

  /** @throws NotFound `book_unknown` */
  async requireBook(seriesId: string): Promise<void> {
    const found = await this.dataSource.query<unknown[]>('select from books where series_id = $1', [
      seriesId,
    ]);
    if (found.length === 0) {
      throw new NotFound('book_unknown');
    }
  }

  private windowOf(
    interval: CandleInterval,
    from: string | undefined,
    to: string | undefined,
  ): Window {
    const nowMs = Date.parse(this.clock.now());
    const width = intervalMs[interval];
    const toMs = Math.min(to === undefined ? Infinity : Date.parse(to), nowMs + 1);
    const fromMs =
      from === undefined
        ? startOf(interval, toMs) - (intervalCountDefault - 1) * width
        : startOf(interval, Date.parse(from));
    if (fromMs >= toMs) {
      throw new Unprocessable('candle_window_empty');
    }
    if (toMs - fromMs > intervalCountMax * width) {
      throw new Unprocessable('candle_window_too_long', { details: { intervalCountMax } });
    }
    return { fromMs: Math.max(0, fromMs), toMs };
  }

  private async read(
    seriesId: string,
    interval: CandleInterval,
    { fromMs, toMs }: Window,
  ): Promise<readonly Candle[]> {
    // The last one is whole, also where the window ends within it.
    const endMs = startOf(interval, toMs - 1) + intervalMs[interval];
    const rows = await this.dataSource.query<(CandleSum & { readonly starts: Date })[]>(
      `select date_bin($3, starts_at, 'epoch') as starts, ${sums} from candles
        where series_id = $1 and length = $2 and starts_at >= $4 and starts_at < $5
        group by 1 order by 1`,
      [
        seriesId,
        partsOf[interval],
        `${intervalMs[interval]} milliseconds`,
        new Date(fromMs).toISOString(),
        new Date(endMs).toISOString(),
      ],
    );
    return rows.map((row) => ({
      startsAtMs: row.starts.getTime(),
      openTicks: row.open_ticks,
      highTicks: row.high_ticks,
      lowTicks: row.low_ticks,
      closeTicks: row.close_ticks,
      volumeLots: Number(row.volume_lots),
      turnover: BigInt(row.turnover),
      tradeCount: Number(row.trade_count),
    }));
  }

  /** The price of the last trade before the instant; null without any. */
  private async closeBefore(seriesId: string, atMs: number): Promise<number | null> {
    const [last] = await this.dataSource.query<{ readonly close_ticks: number }[]>(
      `select close_ticks from candles where series_id = $1 and length = '1m' and starts_at < $2
        order by starts_at desc limit 1`,
      [seriesId, new Date(atMs).toISOString()],
    );
    return last?.close_ticks ?? null;
  }
}

interface CandleSum {
  readonly open_ticks: number;
  readonly high_ticks: number;
  readonly low_ticks: number;
  readonly close_ticks: number;
  readonly volume_lots: string;
  readonly turnover: string;
  readonly trade_count: string;
}

/** `mergeCandles` of the rows, in SQL. */
const sums = `(array_agg(open_ticks order by first_trade_number))[1] as open_ticks,
  max(high_ticks) as high_ticks, min(low_ticks) as low_ticks,
  (array_agg(close_ticks order by last_trade_number desc))[1] as close_ticks,
  sum(volume_lots) as volume_lots, sum(turnover) as turnover, sum(trade_count) as trade_count`;
