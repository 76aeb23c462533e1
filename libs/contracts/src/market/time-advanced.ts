import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { instant } from '../fields.js';

export const timeAdvanced = defineEvent({
  description: 'The clock of the shard; orders that expire by then end in the same command.',
  type: 'market.time-advanced',
  schemaVersion: 1,
  data: z.object({ at: described(instant, 'What time it is from now on.') }),
});
export type TimeAdvanced = EventOf<typeof timeAdvanced>;
