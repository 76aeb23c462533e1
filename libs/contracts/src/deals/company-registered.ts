import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** A startup with a cap table, and the parties who may approve for its board. */
export const companyRegistered = defineEvent({
  type: 'deals.company-registered',
  schemaVersion: 1,
  data: z.object({
    companyId: id,
    partyId: id,
    directorPartyIds: z.array(id).min(1).max(16),
  }),
});
export type CompanyRegistered = EventOf<typeof companyRegistered>;
