import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** A startup with a cap table. */
export const companyRegistered = defineEvent({
  type: 'deals.company-registered',
  schemaVersion: 1,
  data: z.object({
    companyId: id,
    partyId: id,
  }),
});
export type CompanyRegistered = EventOf<typeof companyRegistered>;
