import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { shareQuantity, id } from '../fields.js';

/** The startup accepted the tokens; the shares of the tranche are issued in the same append. */
export const trancheAccepted = defineEvent({
  type: 'deals.tranche-accepted',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    trancheId: id,
    acceptedBy: id,
    issuanceId: id,
    shares: shareQuantity,
  }),
});
export type TrancheAccepted = EventOf<typeof trancheAccepted>;
