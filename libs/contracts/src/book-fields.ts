import { z } from 'zod';
import { described } from './described.js';
import { lots, ticks, microDollars } from './fields.js';

// The terms of an order book.

export const makerFeePpm = z
  .int()
  .min(-1_000_000)
  .max(1_000_000)
  .meta({
    description:
      'The fee on the order that rested in the book, in parts per million of the notional; negative is a rebate. 1,000 is 0.1 %.',
    examples: [1_000],
  });
export const takerFeePpm = z
  .int()
  .min(0)
  .max(1_000_000)
  .meta({
    description: 'The fee on the order that met it, in parts per million of the notional.',
    examples: [2_000],
  });
export const auctionFeePpm = z
  .int()
  .min(0)
  .max(1_000_000)
  .meta({
    description: 'The fee on both sides of an auction, in parts per million of the notional.',
    examples: [1_500],
  });
export const priceStepTicks = described(ticks, 'Prices are multiples of this.', 1);
export const minimumPriceTicks = described(ticks, 'The lowest price of an order.', 1);
export const maximumPriceTicks = described(ticks, 'The highest price of an order.', 1_048_574);
export const lotStep = described(lots, 'Quantities are multiples of this.', 1);
export const minimumNotional = described(
  microDollars,
  'The least price times quantity of an order.',
  0,
);
export const maximumNotional = described(
  microDollars,
  'The greatest price times quantity of an order.',
  2_251_799_813_685_247,
);
export const protectionTicks = described(
  ticks,
  'How far a market order without a price may go beyond the best price; 0 is as far as there are orders.',
  500,
);
export const reduceKeepsPriority = z.boolean().meta({
  description: 'Whether an order that only gets smaller keeps its place in the queue.',
});
export const selfTradeAllowed = z
  .boolean()
  .meta({ description: 'Whether a party may switch self-trade prevention off for an order.' });
export const referenceFollowsTrades = z.boolean().meta({
  description: 'Whether the last price becomes the reference of dynamic bands and auctions.',
});
export const tradingPhase = z
  .enum([
    'closed',
    'pre_open',
    'opening_auction',
    'continuous',
    'limit_state',
    'pause',
    'reopening_auction',
    'closing_auction',
    'halt',
    'cancel_only',
  ])
  .meta({
    description:
      'What the book does: `continuous` and `limit_state` match, the call phases and auctions collect orders, `cancel_only` takes cancels, `halt` and `closed` take nothing.',
  });
