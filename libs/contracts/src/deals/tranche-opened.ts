import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, id, instant } from '../fields.js';

/** The provider owes the tokens of this tranche now. */
export const trancheOpened = defineEvent({
  type: 'deals.tranche-opened',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    trancheId: id,
    seriesId: id,
    fromPartyId: id,
    toPartyId: id,
    tokens: tokenQuantity,
    lockupEndsAt: instant.nullable(),
  }),
});
export type TrancheOpened = EventOf<typeof trancheOpened>;
