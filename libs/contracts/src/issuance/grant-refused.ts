import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { id, reasonCode } from '../fields.js';

/** The tokens of a tranche could not be granted. */
export const grantRefused = defineEvent({
  type: 'issuance.grant-refused',
  schemaVersion: 1,
  data: z.object({
    grantId: id,
    dealId: id,
    trancheId: id,
    reason: reasonCode,
  }),
});
export type GrantRefused = EventOf<typeof grantRefused>;
