import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { shareQuantity, id } from '../fields.js';

/** A deal was cancelled: what was reserved for it is free again. */
export const sharesReleased = defineEvent({
  type: 'deals.shares-released',
  schemaVersion: 1,
  data: z.object({ companyId: id, classId: id, dealId: id, shares: shareQuantity }),
});
export type SharesReleased = EventOf<typeof sharesReleased>;
