import { divideHalfEven } from '@specie/quantities';

/** The lengths of candles that are asked for. */
export const candleIntervals = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type CandleInterval = (typeof candleIntervals)[number];

export const intervalMs: Readonly<Record<CandleInterval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** The candles that are stored; all others are put together from them when they are asked for. */
export const storedIntervals = ['1m', '1h'] as const satisfies readonly CandleInterval[];
export type StoredInterval = (typeof storedIntervals)[number];

/** What a candle of `interval` is put together from. */
export const partsOf: Readonly<Record<CandleInterval, StoredInterval>> = {
  '1m': '1m',
  '5m': '1m',
  '15m': '1m',
  '1h': '1h',
  '4h': '1h',
  '1d': '1h',
};

/** What candles need to know of a trade. */
export interface CandleTrade {
  readonly tradeNumber: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly notional: bigint;
}

/**
 * The trades of an interval. Open and close go by the number of the trade, which is its place in the log, and not by its
 * time, which may be that of its command's arrival.
 */
export interface CandleBody {
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeLots: number;
  readonly turnover: bigint;
  readonly tradeCount: number;
  readonly firstTradeNumber: number;
  readonly lastTradeNumber: number;
}

/** One that is asked for; without trades the prices are the last close before. */
export type Candle = Omit<CandleBody, 'firstTradeNumber' | 'lastTradeNumber'> & {
  readonly startsAtMs: number;
};

/** When the interval that `atMs` is in starts; days start at midnight UTC. */
export function startOf(interval: CandleInterval, atMs: number): number {
  return atMs - (atMs % intervalMs[interval]);
}

/** The candle of one trade. */
export function candleOf(trade: CandleTrade): CandleBody {
  const { tradeNumber, priceTicks, quantityLots, notional } = trade;
  return {
    openTicks: priceTicks,
    highTicks: priceTicks,
    lowTicks: priceTicks,
    closeTicks: priceTicks,
    volumeLots: quantityLots,
    turnover: notional,
    tradeCount: 1,
    firstTradeNumber: tradeNumber,
    lastTradeNumber: tradeNumber,
  };
}

/** The candle of the trades of both. */
export function mergeCandles(one: CandleBody, other: CandleBody): CandleBody {
  const first = one.firstTradeNumber < other.firstTradeNumber ? one : other;
  const last = one.lastTradeNumber > other.lastTradeNumber ? one : other;
  return {
    openTicks: first.openTicks,
    highTicks: Math.max(one.highTicks, other.highTicks),
    lowTicks: Math.min(one.lowTicks, other.lowTicks),
    closeTicks: last.closeTicks,
    volumeLots: one.volumeLots + other.volumeLots,
    turnover: one.turnover + other.turnover,
    tradeCount: one.tradeCount + other.tradeCount,
    firstTradeNumber: first.firstTradeNumber,
    lastTradeNumber: last.lastTradeNumber,
  };
}

/** The average price by volume, in ticks, rounded half to even; null where nothing traded. */
export function vwapTicks(turnover: bigint, volumeLots: number): number | null {
  return volumeLots === 0 ? null : Number(divideHalfEven(turnover, BigInt(volumeLots)));
}

/**
 * The candles with one for every interval of the window that has none, at the last close before it. None before the
 * first trade: there was no price.
 */
export function fillCandles(
  candles: readonly Candle[],
  window: {
    readonly interval: CandleInterval;
    readonly fromMs: number;
    readonly toMs: number;
    readonly closeBeforeTicks: number | null;
  },
): readonly Candle[] {
  const traded = new Map(candles.map((candle) => [candle.startsAtMs, candle]));
  const filled: Candle[] = [];
  let closeTicks = window.closeBeforeTicks;
  for (let at = window.fromMs; at < window.toMs; at += intervalMs[window.interval]) {
    const candle = traded.get(at) ?? (closeTicks === null ? null : emptyCandle(at, closeTicks));
    if (candle) {
      filled.push(candle);
      closeTicks = candle.closeTicks;
    }
  }
  return filled;
}

function emptyCandle(startsAtMs: number, ticks: number): Candle {
  return {
    startsAtMs,
    openTicks: ticks,
    highTicks: ticks,
    lowTicks: ticks,
    closeTicks: ticks,
    volumeLots: 0,
    turnover: 0n,
    tradeCount: 0,
  };
}
