import { z } from 'zod';
import { defineEvent } from '../define-event.js';
import { collections, digest, requestId, throughPosition } from '../named-fields.js';

export const marketStateAttested = defineEvent({
  description: 'What the service itself holds at a position of its log.',
  type: 'market.state-attested',
  schemaVersion: 1,
  data: z.object({
    requestId,
    throughPosition,
    digest,
    collections,
  }),
});
