import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { id } from '../fields.js';
import { dealId, issuanceId, shares, trancheId } from '../named-fields.js';

export const trancheAccepted = defineEvent({
  description:
    'The startup accepted the tokens; the shares of the tranche are issued in the same append.',
  type: 'deals.tranche-accepted',
  schemaVersion: 1,
  data: z.object({
    dealId,
    trancheId,
    acceptedBy: described(id, 'Who accepted for the startup.'),
    issuanceId,
    shares,
  }),
});
export type TrancheAccepted = EventOf<typeof trancheAccepted>;
