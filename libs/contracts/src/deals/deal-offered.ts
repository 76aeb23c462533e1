import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { described } from '../described.js';
import { currency, shareQuantity, tokenQuantity } from '../fields.js';
import {
  classId,
  companyId,
  companyPartyId,
  dealId,
  equityPpm,
  fullyDiluted,
  lockupEndsAt,
  providerPartyId,
  referencePrice,
  seriesId,
  shares,
  termsHash,
  trancheId,
} from '../named-fields.js';
/** A rule about what counts. */
const counted = (what: string): z.ZodBoolean =>
  z.boolean().meta({ description: `Whether ${what} count.` });

/**
 * What counts towards the fully diluted capitalization that a percentage of equity refers to. "10 %" means
 * different numbers of shares under different rules, so the rules are part of the terms.
 */
const capitalizationRules = z
  .object({
    includeOutstandingShares: counted('the shares that exist'),
    includeOutstandingOptions: counted('options that were granted'),
    includeUnissuedOptions: counted('options of the pool that were not granted'),
    includeThisSecurity: counted('the shares of this deal'),
    includeOtherConvertibles: counted('what other convertibles turn into'),
    includePromisedOptionsTopUp: counted('options that were promised'),
    includeAdditionalPoolTopUp: counted('a larger pool of options'),
    includeNewMoney: counted('shares for new money'),
  })
  .meta({
    description:
      'What counts towards the fully diluted capitalization that the percentage refers to.',
  });

export const dealOffered = defineEvent({
  description:
    'A provider offers tokens for equity, in tranches. Shares per tranche sum to the deal exactly.',
  type: 'deals.deal-offered',
  schemaVersion: 1,
  data: z.object({
    dealId,
    companyId,
    companyPartyId,
    providerPartyId,
    seriesId,
    classId,
    tokens: described(tokenQuantity, 'The tokens of all tranches.', '100000.000000'),
    equityPpm,
    capitalizationRules,
    fullyDiluted,
    shares,
    referencePrice,
    currency,
    lockupEndsAt,
    tranches: z
      .array(
        z.object({
          trancheId,
          tokens: described(tokenQuantity, 'The tokens of the tranche.', '50000.000000'),
          shares: described(shareQuantity, 'The shares that are issued for them.', '555556'),
        }),
      )
      .min(1)
      .max(64)
      .meta({ description: 'The parts of the deal, in the order in which they are opened.' }),
    termsHash,
  }),
});
export type DealOffered = EventOf<typeof dealOffered>;
