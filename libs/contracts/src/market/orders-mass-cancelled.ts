import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { count } from '../fields.js';
import { partyId, seriesId } from '../named-fields.js';

export const ordersMassCancelled = defineEvent({
  description:
    'All open orders of a party were cancelled; each of them follows as an event of its own.',
  type: 'market.orders-mass-cancelled',
  schemaVersion: 1,
  data: z.object({
    partyId,
    seriesId: described(seriesId, 'The book; without it, all books.').optional(),
    reason: z.enum(['mass_cancel', 'ineligible', 'disconnected']).meta({
      description:
        '`mass_cancel`: somebody asked for it; `ineligible`: the party may no longer trade; `disconnected`: its connection ended and was to take its orders along.',
    }),
    orderCount: described(count, 'How many orders ended.', 3),
  }),
});
export type OrdersMassCancelled = EventOf<typeof ordersMassCancelled>;
