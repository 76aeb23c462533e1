import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { priceTicks, quantityLots, seriesId } from '../named-fields.js';

export const auctionUncrossed = defineEvent({
  description: 'An auction ended; its trades follow.',
  type: 'market.auction-uncrossed',
  schemaVersion: 1,
  data: z.object({
    seriesId,
    priceTicks: described(priceTicks, 'The price of all its trades; 0 where nothing trades.'),
    volumeLots: described(
      quantityLots,
      'How much trades, self-trades that are prevented included.',
    ),
    imbalanceLots: z
      .int()
      .min(-Number.MAX_SAFE_INTEGER)
      .max(Number.MAX_SAFE_INTEGER)
      .meta({ description: 'Demand less supply at the price, in lots.', examples: [-500] }),
  }),
});
export type AuctionUncrossed = EventOf<typeof auctionUncrossed>;
