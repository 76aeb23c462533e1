import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex, count, reasonCode } from '../fields.js';

/** What the service itself holds at a position of its log. */
export const issuanceStateAttested = defineEvent({
  type: 'issuance.state-attested',
  schemaVersion: 1,
  data: z.object({
    requestId: id,
    throughPosition: z.int().min(0),
    digest: sha256Hex,
    collections: z
      .array(z.object({ name: reasonCode, rowCount: count, digest: sha256Hex }))
      .max(64),
  }),
});
export type IssuanceStateAttested = EventOf<typeof issuanceStateAttested>;
