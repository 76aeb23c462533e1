import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { partyId, resolution, resolvedBy, screeningId } from '../named-fields.js';

export const alertResolved = defineEvent({
  description: 'A compliance officer decided whether a screening alert is a true match.',
  type: 'compliance.alert-resolved',
  schemaVersion: 1,
  data: z.object({
    partyId,
    screeningId,
    resolution,
    resolvedBy,
  }),
});
export type AlertResolved = EventOf<typeof alertResolved>;
