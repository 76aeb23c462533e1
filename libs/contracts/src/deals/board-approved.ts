import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { id } from '../fields.js';
import { dealId, resolutionHash, termsHash } from '../named-fields.js';

export const boardApproved = defineEvent({
  description: 'The board of the company approved the terms.',
  type: 'deals.board-approved',
  schemaVersion: 1,
  data: z.object({
    dealId,
    approvedBy: described(id, 'The director who approved; not one who signed.'),
    resolutionHash,
    termsHash,
  }),
});
export type BoardApproved = EventOf<typeof boardApproved>;
