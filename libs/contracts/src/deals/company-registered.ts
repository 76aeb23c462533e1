import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { companyId, directorPartyIds, partyId } from '../named-fields.js';

export const companyRegistered = defineEvent({
  description: 'A startup with a cap table, and the parties who may approve for its board.',
  type: 'deals.company-registered',
  schemaVersion: 1,
  data: z.object({
    companyId,
    partyId: described(partyId, 'The company itself, as a party.'),
    directorPartyIds,
  }),
});
export type CompanyRegistered = EventOf<typeof companyRegistered>;
