import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { count, sha256Hex } from '../fields.js';
import { requestId } from '../named-fields.js';

export const reportPublished = defineEvent({
  description: 'What the rebuild found.',
  type: 'audit.report-published',
  schemaVersion: 1,
  data: z.object({
    requestId,
    ok: z.boolean().meta({ description: 'Whether nothing was found.' }),
    eventCount: described(count, 'How many events were rebuilt.', 379),
    findingCount: described(count, 'How many findings.', 0),
    reportHash: described(sha256Hex, 'The hash of the report.'),
  }),
});
export type ReportPublished = EventOf<typeof reportPublished>;
