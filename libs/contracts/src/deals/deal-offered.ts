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

/**
 * What counts towards the fully diluted capitalization that a percentage of equity refers to. "10 %" means
 * different numbers of shares under different rules, so the rules are part of the terms.
 */
const capitalizationRules = z.object({
  includeOutstandingShares: z.boolean(),
  includeOutstandingOptions: z.boolean(),
  includeUnissuedOptions: z.boolean(),
  includeThisSecurity: z.boolean(),
  includeOtherConvertibles: z.boolean(),
  includePromisedOptionsTopUp: z.boolean(),
  includeAdditionalPoolTopUp: z.boolean(),
  includeNewMoney: z.boolean(),
});

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
    capitalizationRules,
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
