import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import {
  dealId,
  fromPartyId,
  lockupEndsAt,
  seriesId,
  toPartyId,
  trancheId,
} from '../named-fields.js';

export const trancheOpened = defineEvent({
  description: 'The provider owes the tokens of this tranche now.',
  type: 'deals.tranche-opened',
  schemaVersion: 1,
  data: z.object({
    dealId,
    trancheId,
    seriesId,
    fromPartyId,
    toPartyId,
    tokens: described(tokenQuantity, 'The tokens of the tranche.', '50000.000000'),
    lockupEndsAt,
  }),
});
export type TrancheOpened = EventOf<typeof trancheOpened>;
