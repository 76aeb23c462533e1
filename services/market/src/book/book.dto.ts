import { described, fields, named } from '@specie/contracts';
import { pageOf } from '@specie/nest-platform';
import { z } from 'zod';
import { sequence } from '../trade/trade.dto.js';
import type { BookRow } from './book.table.js';

export const seriesParams = z.strictObject({ seriesId: named.seriesId });

export const openBookRequest = z.strictObject({
  seriesId: named.seriesId,
  currency: fields.currency,
  makerFeePpm: named.makerFeePpm,
  takerFeePpm: named.takerFeePpm,
  auctionFeePpm: named.auctionFeePpm.default(0),
  minimumLots: named.minimumLots,
  maximumLots: named.maximumLots,
  lotStep: named.lotStep.default(1),
  priceStepTicks: named.priceStepTicks.default(1),
  minimumPriceTicks: named.minimumPriceTicks.default(1),
  maximumPriceTicks: named.maximumPriceTicks.default(1_048_574),
  minimumNotional: named.minimumNotional.default(0),
  maximumNotional: named.maximumNotional.default(2_251_799_813_685_247),
  protectionTicks: named.protectionTicks.default(0),
  reduceKeepsPriority: named.reduceKeepsPriority.default(true),
  selfTradeAllowed: named.selfTradeAllowed.default(false),
  referenceFollowsTrades: named.referenceFollowsTrades.default(true),
  phase: described(named.tradingPhase, 'The phase in which the book opens.').default('continuous'),
});
export const bookResponse = z.strictObject({
  seriesId: named.seriesId,
  currency: fields.currency,
  makerFeePpm: named.makerFeePpm,
  takerFeePpm: named.takerFeePpm,
  auctionFeePpm: named.auctionFeePpm,
  minimumLots: named.minimumLots,
  maximumLots: named.maximumLots,
  lotStep: named.lotStep,
  priceStepTicks: named.priceStepTicks,
  minimumPriceTicks: named.minimumPriceTicks,
  maximumPriceTicks: named.maximumPriceTicks,
  minimumNotional: named.minimumNotional,
  maximumNotional: named.maximumNotional,
  protectionTicks: named.protectionTicks,
  reduceKeepsPriority: named.reduceKeepsPriority,
  selfTradeAllowed: named.selfTradeAllowed,
  referenceFollowsTrades: named.referenceFollowsTrades,
  phase: named.tradingPhase,
  openedAt: described(fields.instant, 'When trading began.'),
});
export const bookStateResponse = bookResponse.extend({
  bestBidTicks: described(
    fields.ticks,
    'The highest price that is bid; null where nobody buys.',
    24900,
  ).nullable(),
  bestAskTicks: described(
    fields.ticks,
    'The lowest price that is asked; null where nobody sells.',
    25000,
  ).nullable(),
  lastPriceTicks: described(
    fields.ticks,
    'The price of the last trade; null before the first.',
  ).nullable(),
  lastTradeNumber: described(sequence, 'The number of the last trade; 0 before the first.', 2),
  openOrders: described(fields.count, 'How many orders are open.', 5),
});
export const booksResponse = pageOf(bookResponse);

export const depthQuery = z.strictObject({
  levels: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'Expected a whole number from 1 to 999.')
    .meta({ description: 'How many prices of each side, 1 to 999.', examples: ['20'] })
    .transform(Number)
    .prefault('20'),
});
const depthLevel = z.strictObject({
  priceTicks: named.priceTicks,
  lots: z
    .int()
    .min(1)
    .meta({
      description: 'How much the book shows at the price, in lots of 0.01 token.',
      examples: [2000],
    }),
  orders: z
    .int()
    .min(1)
    .meta({ description: 'How many orders that is.', examples: [2] }),
});
export const depthResponse = z.strictObject({
  seriesId: named.seriesId,
  bids: z
    .array(depthLevel)
    .max(999)
    .meta({ description: 'Who would buy, the highest price first.' }),
  asks: z
    .array(depthLevel)
    .max(999)
    .meta({ description: 'Who would sell, the lowest price first.' }),
});

export function toBookResponse(row: BookRow): z.output<typeof bookResponse> {
  return { ...row, openedAt: row.openedAt.toISOString() };
}
