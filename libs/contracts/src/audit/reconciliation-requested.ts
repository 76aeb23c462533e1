import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { requestId, requestedBy } from '../named-fields.js';

export const reconciliationRequested = defineEvent({
  description: 'Every service is asked to attest its own state.',
  type: 'audit.reconciliation-requested',
  schemaVersion: 1,
  data: z.object({
    requestId,
    requestedBy,
  }),
});
export type ReconciliationRequested = EventOf<typeof reconciliationRequested>;
