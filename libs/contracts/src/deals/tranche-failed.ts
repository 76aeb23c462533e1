import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode } from '../fields.js';
import { dealId, trancheId } from '../named-fields.js';

export const trancheFailed = defineEvent({
  description: 'The tokens of the tranche could not be granted; it may be opened again.',
  type: 'deals.tranche-failed',
  schemaVersion: 1,
  data: z.object({
    dealId,
    trancheId,
    reason: described(reasonCode, 'Why the tokens could not be granted.', 'insufficient_tokens'),
  }),
});
export type TrancheFailed = EventOf<typeof trancheFailed>;
