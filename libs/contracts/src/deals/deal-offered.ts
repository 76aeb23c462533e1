import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import {
  tokenQuantity,
  moneyQuantity,
  shareQuantity,
  id,
  instant,
  currency,
  sha256Hex,
  ppm,
} from '../fields.js';

/** A provider offers tokens for equity, in tranches. Shares per tranche sum to the deal exactly. */
export const dealOffered = defineEvent({
  type: 'deals.deal-offered',
  schemaVersion: 1,
  data: z.object({
    dealId: id,
    companyId: id,
    companyPartyId: id,
    providerPartyId: id,
    seriesId: id,
    classId: id,
    tokens: tokenQuantity,
    equityPpm: ppm,
    fullyDiluted: shareQuantity,
    shares: shareQuantity,
    referencePrice: moneyQuantity,
    currency,
    lockupEndsAt: instant.nullable(),
    tranches: z
      .array(z.object({ trancheId: id, tokens: tokenQuantity, shares: shareQuantity }))
      .min(1)
      .max(64),
    termsHash: sha256Hex,
  }),
});
export type DealOffered = EventOf<typeof dealOffered>;
