import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { microDollars, signedMicroDollars } from '../fields.js';
import {
  buyerPartyId,
  makerOrderId,
  priceTicks,
  quantityLots,
  sellerPartyId,
  seriesId,
  takerOrderId,
  takerSide,
  tradeId,
} from '../named-fields.js';

export const tradeExecuted = defineEvent({
  description:
    'Two orders met at the price of the resting one; tokens, cash and fees moved in this same append. In an auction the price is that of the auction, and the buy order stands as the one that met the other.',
  type: 'market.trade-executed',
  schemaVersion: 2,
  data: z.object({
    tradeId,
    tradeNumber: z
      .int()
      .min(1)
      .meta({ description: 'Trades of the shard, counted from 1.', examples: [2] }),
    seriesId,
    makerOrderId,
    takerOrderId,
    takerSide,
    buyerPartyId,
    sellerPartyId,
    priceTicks,
    quantityLots,
    notional: described(microDollars, 'Price times quantity.', 50000000),
    buyerFee: described(signedMicroDollars, 'What the buyer paid on top.', 100000),
    sellerFee: described(signedMicroDollars, 'What the seller got less.', 50000),
    execution: z
      .enum(['auction'])
      .meta({ description: 'How it came about, where not by continuous matching.' })
      .optional(),
  }),
  upcasters: { 1: (data) => data },
});
export type TradeExecuted = EventOf<typeof tradeExecuted>;
