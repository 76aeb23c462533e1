import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, sha256Hex } from '../fields.js';

/** The board of the company approved the terms. */
export const boardApproved = defineEvent({
  type: 'deals.board-approved',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    approvedBy: id,
    resolutionHash: sha256Hex,
    termsHash: sha256Hex,
  }),
});
export type BoardApproved = EventOf<typeof boardApproved>;
