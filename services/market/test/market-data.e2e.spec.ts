import { once } from 'node:events';
import type { ModuleRef } from '@nestjs/core';
import { streamIds } from '@specie/contracts';
import { FixedClock, openApiOf } from '@specie/nest-platform';
import { formatMicro } from '@specie/quantities';
import { unexplained, wrongExamples } from '@specie/service-testing';
import { pick, randomFrom, seedOr, send } from '@specie/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  candleIntervals,
  intervalMs,
  startOf,
  vwapTicks,
  type CandleInterval,
} from '../src/market-data/candle.js';
import { publishReferencePrices } from '../src/market-data/publish-reference-prices.sweep.js';
import { rebuildCandles } from '../src/market-data/rebuild-candles.adapter.js';
import { ShardFeed } from '../src/shard/shard-feed.js';
import { FeedClient } from './feed-client.js';
import {
  marketDataService,
  startMarketData,
  trade,
  type MarketDataService,
  type Traded,
} from './market-data-service.js';
import { RandomBook } from './random-book.js';

const seed = seedOr(20_261_128);
const seriesIds = [1, 2, 3].map((number) => `5e12e500-0000-4000-8000-00000000000${number}`);
const [ada = '', bob = '', quiet = ''] = seriesIds;
const now = '2026-03-04T17:48:31.123Z';
const clock = new FixedClock(now);
let market: MarketDataService;
let tradeCount = 0;

beforeAll(async () => {
  market = await startMarketData(clock, seriesIds);
});
afterAll(() => market.close());

async function get(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const { status, body } = await send(`${market.service.url}${path}`, 'GET', { token: null });
  return { status, body };
}

const summed = (trades: readonly Traded[]) => {
  const turnover = trades.reduce((sum, each) => sum + each.priceTicks * each.quantityLots, 0);
  const volumeLots = trades.reduce((sum, each) => sum + each.quantityLots, 0);
  return { turnover: BigInt(turnover), volumeLots, tradeCount: trades.length };
};

/** The candles of the trades, the plain way. */
function candlesOf(trades: readonly Traded[], interval: CandleInterval): readonly unknown[] {
  const groups = new Map<number, Traded[]>();
  for (const each of trades) {
    const startsAt = startOf(interval, Date.parse(each.at));
    groups.set(startsAt, [...(groups.get(startsAt) ?? []), each]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([startsAt, group]) => {
      const prices = group.map(({ priceTicks }) => priceTicks);
      const { turnover, ...sums } = summed(group);
      return {
        startsAt: new Date(startsAt).toISOString(),
        openTicks: prices[0],
        highTicks: Math.max(...prices),
        lowTicks: Math.min(...prices),
        closeTicks: prices.at(-1),
        turnover: formatMicro(turnover),
        ...sums,
      };
    });
}

function stored(): Promise<unknown> {
  return market.service.dataSource.query(
    'select * from candles order by series_id, length, starts_at',
  );
}

describe(`Candles of random trades (seed ${seed})`, () => {
  const random = randomFrom(seed);
  const traded: Traded[] = [];
  const of = (seriesId: string): readonly Traded[] =>
    traded.filter((each) => each.seriesId === seriesId);

  beforeAll(async () => {
    // Three days, with quiet hours; commands arrive out of order by up to two minutes.
    let atMs = Date.parse('2026-03-01T17:00:00.000Z');
    while (atMs < Date.parse(now) - 600_000) {
      const batch = Array.from({ length: 1 + random(40) }, () => {
        atMs += random(30) === 0 ? random(14_400_000) : random(60_000);
        atMs = Math.min(atMs, Date.parse(now));
        tradeCount += 1;
        return {
          tradeNumber: tradeCount,
          seriesId: pick([ada, bob], random),
          priceTicks: 24_000 + random(2_000),
          quantityLots: 1 + random(500),
          at: new Date(atMs - random(120_000)).toISOString(),
        };
      });
      await trade(market.service, batch);
      traded.push(...batch);
    }
  });

  it.each(candleIntervals)('are those of the trades: %s', async (interval) => {
    for (const seriesId of [ada, bob]) {
      const expected = candlesOf(of(seriesId), interval) as { readonly startsAt: string }[];
      const answered: unknown[] = [];
      const step = 1_000 * intervalMs[interval];
      for (
        let from = Date.parse('2026-03-01T00:00:00.000Z');
        from < Date.parse(now);
        from += step
      ) {
        const window = `from=${new Date(from).toISOString()}&to=${new Date(from + step).toISOString()}`;
        const { status, body } = await get(
          `/books/${seriesId}/candles?interval=${interval}&${window}`,
        );
        expect(status).toBe(200);
        answered.push(...(body as { readonly items: unknown[] }).items);
      }
      expect(answered).toEqual(expected);
      expect(expected.length).toBeGreaterThan(2);
    }
  });

  it('are the same when they are made again, all or those around an instant', async () => {
    const { dataSource } = market.service;
    const kept = await stored();
    await dataSource.transaction((manager) => rebuildCandles(manager));
    expect(await stored()).toEqual(kept);
    const { at } = pick(of(ada), random);
    const [hour, minute] = [startOf('1h', Date.parse(at)), startOf('1m', Date.parse(at))];
    await dataSource.query(
      `update candles set open_ticks = 1, volume_lots = 0
        where series_id = $1 and starts_at = $2 and length = '1h'`,
      [ada, new Date(hour)],
    );
    await dataSource.query(
      `delete from candles where series_id = $1 and starts_at = $2 and length = '1m'`,
      [ada, new Date(minute)],
    );
    expect(await stored()).not.toEqual(kept);
    await dataSource.transaction((manager) =>
      rebuildCandles(manager, { seriesId: ada, from: at, through: at }),
    );
    expect(await stored()).toEqual(kept);
  });

  it('add up to the statistics of 24 hours', async () => {
    for (const seriesId of [ada, bob]) {
      const from = new Date(startOf('1m', Date.parse(now) - 86_400_000)).toISOString();
      const day = of(seriesId).filter(({ at }) => at >= from);
      const prices = day.map(({ priceTicks }) => priceTicks);
      const { turnover, ...sums } = summed(day);
      expect((await get(`/books/${seriesId}/statistics`)).body).toEqual({
        seriesId,
        from,
        to: now,
        openTicks: prices[0],
        highTicks: Math.max(...prices),
        lowTicks: Math.min(...prices),
        lastTicks: prices.at(-1),
        ...sums,
        turnover: formatMicro(turnover),
        vwapTicks: vwapTicks(turnover, sums.volumeLots),
      });
    }
    expect((await get(`/books/${quiet}/statistics`)).body).toMatchObject({
      openTicks: null,
      lastTicks: null,
      volumeLots: 0,
      turnover: '0.000000',
      vwapTicks: null,
    });
  });

  it('are filled where that is asked, up to now', async () => {
    const { body } = await get(
      `/books/${ada}/candles?interval=15m&from=2026-03-04T00:00:00.000Z&fill=true`,
    );
    const { items } = body as {
      readonly items: readonly {
        readonly startsAt: string;
        readonly openTicks: number;
        readonly closeTicks: number;
        readonly tradeCount: number;
      }[];
    };
    expect(items.map(({ startsAt }) => Date.parse(startsAt))).toEqual(
      Array.from({ length: 72 }, (_, index) => Date.parse('2026-03-04') + index * 900_000),
    );
    const before = candlesOf(of(ada), '15m') as { startsAt: string; closeTicks: number }[];
    let close = before.findLast(({ startsAt }) => startsAt < '2026-03-04')?.closeTicks;
    for (const item of items) {
      if (item.tradeCount === 0) {
        expect([item.openTicks, item.closeTicks]).toEqual([close, close]);
      }
      close = item.closeTicks;
    }
    expect(items.filter((item) => item.tradeCount === 0).length).toBeGreaterThan(0);
    const empty = await get(`/books/${quiet}/candles?interval=1m&fill=true`);
    expect(empty.body).toEqual({ seriesId: quiet, interval: '1m', items: [] });
  });

  it.each([
    ['interval=1m&from=2026-03-01T00:00:00.000Z', 422, 'candle_window_too_long'],
    ['interval=1m&from=2026-03-05T00:00:00.000Z', 422, 'candle_window_empty'],
    [
      'interval=1d&from=2026-03-02T00:00:00.000Z&to=2026-03-01T00:00:00.000Z',
      422,
      'candle_window_empty',
    ],
    ['interval=2m', 400, 'request_invalid'],
    ['interval=1m&fill=yes', 400, 'request_invalid'],
  ])('are refused with a way out: %s', async (query, status, code) => {
    expect(await get(`/books/${ada}/candles?${query}`)).toMatchObject({ status, body: { code } });
  });

  it.each(['candles?interval=1m', 'statistics', 'reference-price'])(
    'and what is made of them need a book: %s',
    async (path) => {
      const unknown = '5e12e500-0000-4000-8000-0000000000ff';
      expect(await get(`/books/${unknown}/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'book_unknown' },
      });
    },
  );
});

describe('The reference price', () => {
  const sweep = async (): Promise<void> => {
    const injector = market.service.app as unknown as ModuleRef;
    if (await publishReferencePrices.isDue?.(injector)) {
      await publishReferencePrices.run(injector);
    }
  };
  const published = async (): Promise<readonly unknown[]> => {
    const events = await market.service.store.readStream(streamIds.reference(quiet));
    return events.map(({ data }) => {
      const { priceTicks, stale, windowEndsAt } = data as Readonly<Record<string, unknown>>;
      return [priceTicks, stale, windowEndsAt];
    });
  };
  const tradeAt = async (at: string, priceTicks: number, quantityLots: number): Promise<void> => {
    tradeCount += 1;
    await trade(market.service, [
      { tradeNumber: tradeCount, seriesId: quiet, priceTicks, quantityLots, at },
    ]);
  };

  it('follows the trades of the last hour, minute by minute, and becomes stale', async () => {
    expect(await get(`/books/${quiet}/reference-price`)).toMatchObject({
      status: 404,
      body: { code: 'reference_price_unknown' },
    });
    clock.set('2026-03-05T10:00:30.000Z');
    await tradeAt('2026-03-05T10:00:01.000Z', 25_000, 100);
    await tradeAt('2026-03-05T10:00:02.000Z', 26_000, 300);
    await sweep();
    expect(await published()).toEqual([]);
    await tradeAt('2026-03-05T10:00:59.999Z', 25_000, 100);
    clock.set('2026-03-05T10:01:00.000Z');
    await sweep();
    await sweep();
    const first = [25_600, false, '2026-03-05T10:01:00.000Z'];
    expect(await published()).toEqual([first]);
    expect((await get(`/books/${quiet}/reference-price`)).body).toEqual({
      seriesId: quiet,
      priceTicks: 25_600,
      stale: false,
      windowStartsAt: '2026-03-05T09:01:00.000Z',
      windowEndsAt: '2026-03-05T10:01:00.000Z',
      minimumTrades: 3,
      tradeCount: 3,
      volumeLots: 500,
      notional: '12.800000',
      publishedAt: '2026-03-05T10:01:00.000Z',
    });
    // At most one a minute, whatever is traded.
    await tradeAt('2026-03-05T10:01:01.000Z', 30_000, 500);
    clock.set('2026-03-05T10:01:59.999Z');
    await sweep();
    expect(await published()).toEqual([first]);
    clock.set('2026-03-05T10:02:03.000Z');
    await sweep();
    const second = [27_800, false, '2026-03-05T10:02:00.000Z'];
    expect(await published()).toEqual([first, second]);
    clock.set('2026-03-05T10:30:00.000Z');
    await sweep();
    expect(await published()).toEqual([first, second]);
    clock.set('2026-03-05T11:01:00.000Z');
    await sweep();
    clock.set('2026-03-05T12:30:00.000Z');
    await sweep();
    const stale = [27_800, true, '2026-03-05T11:01:00.000Z'];
    expect(await published()).toEqual([first, second, stale]);
    expect((await get(`/books/${quiet}/reference-price`)).body).toMatchObject({
      priceTicks: 27_800,
      stale: true,
      tradeCount: 1,
      notional: '15.000000',
    });
    for (const second of [1, 2, 3]) {
      await tradeAt(`2026-03-05T12:30:0${second}.000Z`, 27_800, 10);
    }
    // Of the minute that is not over yet.
    await tradeAt('2026-03-05T12:31:00.000Z', 40_000, 500);
    clock.set('2026-03-05T12:31:01.000Z');
    await sweep();
    expect((await published()).slice(3)).toEqual([[27_800, false, '2026-03-05T12:31:00.000Z']]);
  });
});

describe('The market data by WebSocket', () => {
  it('is on the port of the service, from the shard on until the instance stops', async () => {
    const own = await startMarketData(clock, [ada]);
    const { service } = own;
    const url = `${service.url.replace('http', 'ws')}/market-data`;
    const refused = new WebSocket(url);
    refused.on('error', () => undefined);
    const [, response] = (await once(refused, 'unexpected-response')) as [
      unknown,
      { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> },
    ];
    refused.terminate();
    expect(response.statusCode).toBe(503);
    expect(response.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json') as string,
      'retry-after': '1',
    });
    const told = await send(`${service.url}/market-data`, 'GET', { token: null });
    expect(told).toMatchObject({ status: 503, body: { code: 'market_data_elsewhere' } });
    const hub = service.app.get(ShardFeed, { strict: false });
    const book = new RandomBook(ada, randomFrom(seed));
    hub.opened([book.shown()]);
    const plain = await send(`${service.url}/market-data`, 'GET', { token: null });
    expect(plain).toMatchObject({ status: 426, body: { code: 'websocket_expected' } });
    expect(plain.headers.get('upgrade')).toBe('websocket');
    const client = await FeedClient.connect(url, ada);
    client.subscribe('l2');
    await client.next('l2-snapshot');
    // Nobody but the server flushes here.
    hub.updated(book.change(), now);
    await client.next('l2');
    expect(client.gaps).toEqual([]);
    await own.close();
    expect((await client.closed).code).toBe(1001);
  });
});

describe('The API document', () => {
  it('explains every field', () => {
    expect(unexplained(openApiOf(marketDataService))).toEqual([]);
    expect(wrongExamples(marketDataService)).toEqual([]);
  });
});
