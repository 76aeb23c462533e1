import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { collections, digest, requestId, throughPosition } from '../named-fields.js';

export const meteringStateAttested = defineEvent({
  description: 'What the service itself holds at a position of its log.',
  type: 'metering.state-attested',
  schemaVersion: 1,
  data: z.object({
    requestId,
    throughPosition,
    digest,
    collections,
  }),
});
