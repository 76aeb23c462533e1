import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id } from '../fields.js';

/** A compliance officer decided whether a screening alert is a true match. */
export const alertResolved = defineEvent({
  type: 'compliance.alert-resolved',
  schemaVersion: 1,
  data: z.object({
    partyId: id,
    screeningId: id,
    resolution: z.enum(['false_positive', 'true_match']),
    resolvedBy: id,
  }),
});
export type AlertResolved = EventOf<typeof alertResolved>;
