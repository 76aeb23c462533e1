import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { shareQuantity, id, reasonCode } from '../fields.js';

/** Shares of a holder ceased to exist. */
export const sharesCancelled = defineEvent({
  type: 'deals.shares-cancelled',
  schemaVersion: 1,
  data: z.object({
    companyId: id,
    classId: id,
    cancellationId: id,
    holderPartyId: id,
    shares: shareQuantity,
    reason: reasonCode,
  }),
});
export type SharesCancelled = EventOf<typeof sharesCancelled>;
