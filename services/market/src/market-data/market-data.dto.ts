import { described, fields, named } from '@specie/contracts';
import { microMoney } from '@specie/quantities';
import { z } from 'zod';
import { candleIntervals, type Candle } from './candle.js';
import type { ReferencePriceRow } from './reference-price.table.js';

export const bookParams = z.strictObject({ seriesId: named.seriesId });

const interval = z.enum(candleIntervals).meta({
  description: 'How long a candle is; intervals start at whole minutes, hours or days, UTC.',
});
const volumeLots = z
  .int()
  .min(0)
  .meta({ description: 'How much traded, in lots of 0.01 token.', examples: [4_000] });
const turnover = described(fields.moneyQuantity, 'Price times quantity of it all.', '100.000000');
const tradeCount = z
  .int()
  .min(0)
  .meta({ description: 'How many trades.', examples: [5] });

export const candlesQuery = z.strictObject({
  interval,
  from: described(
    fields.instant,
    'Of the first candle, or an instant in it; without it, 100 intervals before the end.',
    '2026-03-01T11:00:00.000Z',
  ).optional(),
  to: described(
    fields.instant,
    'Candles start before this; without it, now.',
    '2026-03-01T12:00:00.000Z',
  ).optional(),
  fill: z
    .enum(['true', 'false'])
    .meta({
      description:
        'Whether an interval without trades has a candle too, at the last close before it.',
      examples: ['true'],
    })
    .transform((text) => text === 'true')
    .prefault('false'),
});

export const candlesResponse = z.strictObject({
  seriesId: named.seriesId,
  interval,
  items: z
    .array(
      z.strictObject({
        startsAt: described(fields.instant, 'When the interval starts.'),
        openTicks: described(fields.ticks, 'The price of its first trade.'),
        highTicks: described(fields.ticks, 'The highest price.', 25_500),
        lowTicks: described(fields.ticks, 'The lowest price.', 24_500),
        closeTicks: described(fields.ticks, 'The price of its last trade.'),
        volumeLots,
        turnover,
        tradeCount,
      }),
    )
    .max(1_000)
    .meta({ description: 'The oldest first; intervals without trades have none unless filled.' }),
});

export const statisticsResponse = z.strictObject({
  seriesId: named.seriesId,
  from: described(fields.instant, 'The minute from which trades count, 24 hours ago.'),
  to: described(fields.instant, 'Now.', '2026-03-02T12:00:00.000Z'),
  openTicks: described(fields.ticks, 'The price of the first trade; null without any.').nullable(),
  highTicks: described(fields.ticks, 'The highest price; null without trades.', 25_500).nullable(),
  lowTicks: described(fields.ticks, 'The lowest price; null without trades.', 24_500).nullable(),
  lastTicks: described(
    fields.ticks,
    'The price of the last trade, however old; null before the first one.',
  ).nullable(),
  volumeLots,
  turnover,
  tradeCount,
  vwapTicks: described(
    fields.ticks,
    'The average price by volume, rounded half to even; null without trades.',
  ).nullable(),
});

export const referencePriceResponse = z.strictObject({
  seriesId: named.seriesId,
  priceTicks: described(fields.ticks, 'The average price by volume over the window.'),
  stale: z.boolean().meta({
    description: 'Whether the window had too few trades; the price is the last one before that.',
  }),
  windowStartsAt: described(
    fields.instant,
    'Trades from this minute on count.',
    '2026-03-01T11:00:00.000Z',
  ),
  windowEndsAt: described(fields.instant, 'Trades before this minute count.'),
  minimumTrades: described(fields.count, 'How many trades a window must have.', 3),
  tradeCount,
  volumeLots,
  notional: turnover,
  publishedAt: described(fields.instant, 'When it was published.', '2026-03-01T12:00:03.000Z'),
});

export function toCandleItem({
  startsAtMs,
  turnover,
  ...candle
}: Candle): z.output<typeof candlesResponse>['items'][number] {
  return {
    ...candle,
    startsAt: new Date(startsAtMs).toISOString(),
    turnover: microMoney(turnover),
  };
}

export function toReferencePriceResponse(
  row: ReferencePriceRow,
): z.output<typeof referencePriceResponse> {
  return {
    seriesId: row.seriesId,
    priceTicks: row.priceTicks,
    stale: row.stale,
    windowStartsAt: row.windowStartsAt.toISOString(),
    windowEndsAt: row.windowEndsAt.toISOString(),
    minimumTrades: row.minimumTrades,
    tradeCount: row.tradeCount,
    volumeLots: row.volumeLots,
    notional: microMoney(row.notional),
    publishedAt: row.publishedAt.toISOString(),
  };
}
