import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, currency, bps, lots } from '../fields.js';

/** A series can be traded. */
export const bookOpened = defineEvent({
  type: 'market.book-opened',
  schemaVersion: 1,
  data: z.object({
    seriesId: id,
    currency,
    makerFeeBps: bps,
    takerFeeBps: bps,
    minimumLots: lots,
    maximumLots: lots,
  }),
});
export type BookOpened = EventOf<typeof bookOpened>;
