import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { count } from '../fields.js';
import { partyId } from '../named-fields.js';

export const accountLimitSet = defineEvent({
  description: 'How many open orders a party may have.',
  type: 'market.account-limit-set',
  schemaVersion: 1,
  data: z.object({
    partyId,
    openOrdersMax: described(count, 'The most open orders; 0 is no limit.', 1_000),
  }),
});
export type AccountLimitSet = EventOf<typeof accountLimitSet>;
