import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { tokenQuantity, shareQuantity, id } from '../fields.js';

/** Shares went to a holder; tranche shares cite what paid for them (S5). */
export const sharesIssued = defineEvent({
  type: 'deals.shares-issued',
  schemaVersion: 1,
  data: z.object({
    companyId: id,
    classId: id,
    issuanceId: id,
    holderPartyId: id,
    shares: shareQuantity,
    cause: z.enum(['founding', 'tranche']),
    dealId: id.nullable(),
    trancheId: id.nullable(),
    paidByTokens: tokenQuantity.nullable(),
  }),
});
export type SharesIssued = EventOf<typeof sharesIssued>;
