import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { reasonCode } from '../fields.js';
import { dealId, grantId, trancheId } from '../named-fields.js';

export const grantRefused = defineEvent({
  description: 'The tokens of a tranche could not be granted.',
  type: 'issuance.grant-refused',
  schemaVersion: 1,
  data: z.object({
    grantId,
    dealId,
    trancheId,
    reason: described(reasonCode, 'Why.', 'insufficient_tokens'),
  }),
});
export type GrantRefused = EventOf<typeof grantRefused>;
