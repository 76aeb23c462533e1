import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, reasonCode } from '../fields.js';

/** The tokens of the tranche could not be granted; it may be opened again. */
export const trancheFailed = defineEvent({
  type: 'deals.tranche-failed',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    trancheId: id,
    reason: reasonCode,
  }),
});
export type TrancheFailed = EventOf<typeof trancheFailed>;
