import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { count, instant, microDollars } from '../fields.js';
import { priceTicks, seriesId } from '../named-fields.js';

export const referencePricePublished = defineEvent({
  description:
    'What a token of the series is worth by its recent trades, for those who need a price and do not trade. While `stale` is false, it is `notional / volumeLots` in ticks, rounded half to even, over the trades of the window up to `throughTradeNumber`; while it is true there were fewer of them than `minimumTrades`, and the price is the last one that was not stale.',
  type: 'market.reference-price-published',
  schemaVersion: 1,
  data: z.object({
    seriesId,
    priceTicks: described(priceTicks, 'Volume-weighted over the window, or the last such price.'),
    stale: z.boolean().meta({ description: 'Whether the window had too few trades.' }),
    windowStartsAt: described(
      instant,
      'Trades from this minute on count.',
      '2026-03-01T11:00:00.000Z',
    ),
    windowEndsAt: described(
      instant,
      'Trades before this minute count.',
      '2026-03-01T12:00:00.000Z',
    ),
    throughTradeNumber: z
      .int()
      .min(0)
      .meta({ description: 'The last trade of the shard that was known.', examples: [17] }),
    minimumTrades: described(count, 'How many trades a window must have.', 3),
    tradeCount: described(count, 'How many trades of the series the window has.', 5),
    volumeLots: z
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .meta({ description: 'How much they traded, in lots of 0.01 token.', examples: [4_000] }),
    notional: described(microDollars, 'What they traded for.', 100_000_000),
  }),
});
export type ReferencePricePublished = EventOf<typeof referencePricePublished>;
