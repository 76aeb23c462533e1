import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { shareQuantity } from '../fields.js';
import { classId, companyId, dealId } from '../named-fields.js';

export const sharesReleased = defineEvent({
  description: 'A deal was cancelled: what was reserved for it is free again.',
  type: 'deals.shares-released',
  schemaVersion: 1,
  data: z.object({
    companyId,
    classId,
    dealId,
    shares: described(shareQuantity, 'How many are free again.'),
  }),
});
export type SharesReleased = EventOf<typeof sharesReleased>;
