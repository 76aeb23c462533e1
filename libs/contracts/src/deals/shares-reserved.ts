import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { shareQuantity, id } from '../fields.js';

/** A deal was signed: its shares not issued yet are promised, and nothing else may use them (S5). */
export const sharesReserved = defineEvent({
  type: 'deals.shares-reserved',
  schemaVersion: 1,
  data: z.object({ companyId: id, classId: id, dealId: id, shares: shareQuantity }),
});
export type SharesReserved = EventOf<typeof sharesReserved>;
