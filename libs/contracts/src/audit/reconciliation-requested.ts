import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** Every service is asked to attest its own state. */
export const reconciliationRequested = defineEvent({
  type: 'audit.reconciliation-requested',
  schemaVersion: 1,
  data: z.object({
    requestId: id,
    requestedBy: id,
  }),
});
export type ReconciliationRequested = EventOf<typeof reconciliationRequested>;
