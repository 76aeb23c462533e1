import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { currency } from '../fields.js';
import { makerFeeBps, maximumLots, minimumLots, seriesId, takerFeeBps } from '../named-fields.js';

export const bookOpened = defineEvent({
  description: 'A series can be traded.',
  type: 'market.book-opened',
  schemaVersion: 1,
  data: z.object({
    seriesId,
    currency,
    makerFeeBps,
    takerFeeBps,
    minimumLots,
    maximumLots,
  }),
});
export type BookOpened = EventOf<typeof bookOpened>;
