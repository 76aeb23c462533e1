import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode } from '../fields.js';
import { cancellationId, classId, companyId, holderPartyId, shares } from '../named-fields.js';

export const sharesCancelled = defineEvent({
  description: 'Shares of a holder ceased to exist.',
  type: 'deals.shares-cancelled',
  schemaVersion: 1,
  data: z.object({
    companyId,
    classId,
    cancellationId,
    holderPartyId,
    shares,
    reason: described(reasonCode, 'Why, as a code.', 'surrendered'),
  }),
});
export type SharesCancelled = EventOf<typeof sharesCancelled>;
