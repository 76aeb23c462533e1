import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { accountId, accountKind, partyId, seriesId } from '../named-fields.js';

export const accountOpened = defineEvent({
  description: 'A token account: one party (or the market escrow) and one series.',
  type: 'issuance.account-opened',
  schemaVersion: 1,
  data: z.object({
    accountId,
    seriesId,
    partyId,
    kind: accountKind,
  }),
});
export type AccountOpened = EventOf<typeof accountOpened>;
