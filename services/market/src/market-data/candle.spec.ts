import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  candleIntervals,
  candleOf,
  fillCandles,
  intervalMs,
  mergeCandles,
  partsOf,
  startOf,
  vwapTicks,
  type Candle,
  type CandleBody,
} from './candle.js';

const trades = fc
  .array(fc.record({ priceTicks: fc.integer({ min: 1, max: 100 }), quantityLots: fc.nat(50) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((each) =>
    each.map((trade, index) => ({
      ...trade,
      tradeNumber: index + 1,
      notional: BigInt(trade.priceTicks * trade.quantityLots),
    })),
  );

describe('A candle', () => {
  it('is that of all its trades, in whatever order they are put together', () => {
    fc.assert(
      fc.property(trades, fc.array(fc.nat(100)), (all, picks) => {
        const candles: CandleBody[] = all.map(candleOf);
        for (const pick of [...picks, ...all.keys()]) {
          const [one] = candles.splice(pick % candles.length, 1);
          const [other] = candles.splice(pick % Math.max(1, candles.length), 1);
          candles.push(...(one && other ? [mergeCandles(one, other)] : one ? [one] : []));
        }
        const prices = all.map(({ priceTicks }) => priceTicks);
        expect(candles).toEqual([
          {
            openTicks: prices[0],
            highTicks: Math.max(...prices),
            lowTicks: Math.min(...prices),
            closeTicks: prices.at(-1),
            volumeLots: all.reduce((sum, { quantityLots }) => sum + quantityLots, 0),
            turnover: all.reduce((sum, { notional }) => sum + notional, 0n),
            tradeCount: all.length,
            firstTradeNumber: 1,
            lastTradeNumber: all.length,
          },
        ]);
      }),
    );
  });

  it('starts at a whole minute, hour or day, and is made of whole parts', () => {
    const atMs = Date.parse('2026-03-01T17:48:31.123Z');
    expect(candleIntervals.map((each) => new Date(startOf(each, atMs)).toISOString())).toEqual([
      '2026-03-01T17:48:00.000Z',
      '2026-03-01T17:45:00.000Z',
      '2026-03-01T17:45:00.000Z',
      '2026-03-01T17:00:00.000Z',
      '2026-03-01T16:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ]);
    for (const interval of candleIntervals) {
      expect(intervalMs[interval] % intervalMs[partsOf[interval]]).toBe(0);
    }
  });
});

describe('The average price', () => {
  it.each([
    [0n, 0, null],
    [50_000n, 2, 25_000],
    [5n, 2, 2],
    [7n, 2, 4],
    [100n, 3, 33],
  ])('of %i over %i lots is %i', (turnover, volumeLots, ticks) => {
    expect(vwapTicks(turnover, volumeLots)).toBe(ticks);
  });
});

describe('Filled candles', () => {
  const candle = (minute: number, ticks: number): Candle => ({
    startsAtMs: minute * 60_000,
    openTicks: ticks,
    highTicks: ticks + 2,
    lowTicks: ticks - 2,
    closeTicks: ticks + 1,
    volumeLots: 10,
    turnover: BigInt(10 * ticks),
    tradeCount: 1,
  });
  const window = { interval: '1m', fromMs: 0, toMs: 5 * 60_000 } as const;
  const closes = (candles: readonly Candle[], closeBeforeTicks: number | null): unknown =>
    fillCandles(candles, { ...window, closeBeforeTicks }).map(
      ({ startsAtMs, openTicks, closeTicks, tradeCount }) => [
        startsAtMs / 60_000,
        openTicks,
        closeTicks,
        tradeCount,
      ],
    );

  it('carry the last close, from before the window too', () => {
    expect(closes([candle(1, 20), candle(3, 30)], 9)).toEqual([
      [0, 9, 9, 0],
      [1, 20, 21, 1],
      [2, 21, 21, 0],
      [3, 30, 31, 1],
      [4, 31, 31, 0],
    ]);
  });

  it('begin with the first trade', () => {
    expect(closes([candle(3, 30)], null)).toEqual([
      [3, 30, 31, 1],
      [4, 31, 31, 0],
    ]);
    expect(closes([], null)).toEqual([]);
  });
});
