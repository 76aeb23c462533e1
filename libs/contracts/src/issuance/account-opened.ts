import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** A token account: one party (or the market escrow) and one series. */
export const accountOpened = defineEvent({
  type: 'issuance.account-opened',
  schemaVersion: 1,
  data: z.object({
    accountId: id,
    seriesId: id,
    partyId: id,
    kind: z.enum(['party', 'treasury', 'escrow']),
  }),
});
export type AccountOpened = EventOf<typeof accountOpened>;
