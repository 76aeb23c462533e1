import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { shareQuantity } from '../fields.js';
import { classId, companyId, dealId } from '../named-fields.js';

export const sharesReserved = defineEvent({
  description:
    'A deal was signed: its shares not issued yet are promised, and nothing else may use them (S5).',
  type: 'deals.shares-reserved',
  schemaVersion: 1,
  data: z.object({
    companyId,
    classId,
    dealId,
    shares: described(shareQuantity, 'How many are promised.'),
  }),
});
export type SharesReserved = EventOf<typeof sharesReserved>;
