import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex, count } from '../fields.js';

/** What the rebuild found. */
export const reportPublished = defineEvent({
  type: 'audit.report-published',
  schemaVersion: 1,
  data: z.object({
    requestId: id,
    ok: z.boolean(),
    eventCount: count,
    findingCount: count,
    reportHash: sha256Hex,
  }),
});
export type ReportPublished = EventOf<typeof reportPublished>;
