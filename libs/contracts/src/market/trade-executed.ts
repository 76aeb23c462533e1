import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, lots, ticks, microDollars } from '../fields.js';

/** Two orders met at the price of the resting one; tokens, cash and fees moved in this same append. */
export const tradeExecuted = defineEvent({
  type: 'market.trade-executed',
  schemaVersion: 1,
  data: z.object({
    tradeId: id,
    tradeNumber: z.int().min(1),
    seriesId: id,
    makerOrderId: id,
    takerOrderId: id,
    takerSide: z.enum(['buy', 'sell']),
    buyerPartyId: id,
    sellerPartyId: id,
    priceTicks: ticks,
    quantityLots: lots,
    notional: microDollars,
    buyerFee: microDollars,
    sellerFee: microDollars,
  }),
});
export type TradeExecuted = EventOf<typeof tradeExecuted>;
