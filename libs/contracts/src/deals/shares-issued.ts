import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { tokenQuantity } from '../fields.js';
import {
  classId,
  companyId,
  dealId,
  holderPartyId,
  issuanceId,
  shares,
  trancheId,
} from '../named-fields.js';

export const sharesIssued = defineEvent({
  description: 'Shares went to a holder; tranche shares cite what paid for them (S5).',
  type: 'deals.shares-issued',
  schemaVersion: 1,
  data: z.object({
    companyId,
    classId,
    issuanceId,
    holderPartyId,
    shares,
    cause: z.enum(['founding', 'tranche']).meta({ description: 'Why the shares exist.' }),
    dealId: described(dealId, 'Null for founding shares.').nullable(),
    trancheId: described(trancheId, 'Null for founding shares.').nullable(),
    paidByTokens: described(
      tokenQuantity,
      'What paid for the shares; null for founding shares.',
    ).nullable(),
  }),
});
export type SharesIssued = EventOf<typeof sharesIssued>;
