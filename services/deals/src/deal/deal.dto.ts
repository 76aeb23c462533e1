import { described, fields, named } from '@specie/contracts';
import { chosenId, pageOf, streamVersion } from '@specie/nest-platform';
import { microMoney, microTokens, shares as sharesOf } from '@specie/quantities';
import { z } from 'zod';
import type { DealRow, TrancheRow } from './deal.table.js';

export const dealParams = z.strictObject({ dealId: named.dealId });

export const offerRequest = z.strictObject({
  dealId: chosenId(named.dealId),
  companyId: named.companyId,
  seriesId: named.seriesId,
  classId: named.classId,
  equityPpm: named.equityPpm,
  referencePrice: named.referencePrice,
  currency: fields.currency,
  lockupEndsAt: named.lockupEndsAt,
  tranches: z
    .array(
      z.strictObject({
        trancheId: chosenId(named.trancheId),
        tokens: described(fields.tokenQuantity, 'The tokens of the tranche.', '50000.000000'),
      }),
    )
    .min(1)
    .max(64)
    .meta({ description: 'The parts of the deal, in the order in which they are opened.' }),
});
export const signatureRequest = z.strictObject({
  termsHash: described(fields.sha256Hex, 'What you sign: termsHash of the deal.'),
});
export const approvalRequest = z.strictObject({
  termsHash: described(fields.sha256Hex, 'What you approve: termsHash of the deal.'),
  resolutionHash: named.resolutionHash,
});

export const dealResponse = z.strictObject({
  dealId: named.dealId,
  companyId: named.companyId,
  companyPartyId: named.companyPartyId,
  providerPartyId: named.providerPartyId,
  seriesId: named.seriesId,
  classId: named.classId,
  status: z
    .enum(['offered', 'signed', 'approved', 'active', 'completed', 'cancelled'])
    .meta({ description: 'How far the deal is.' }),
  tokens: described(fields.tokenQuantity, 'The tokens of all tranches.', '100000.000000'),
  equityPpm: named.equityPpm,
  fullyDiluted: named.fullyDiluted,
  shares: described(fields.shareQuantity, 'The shares of all tranches.'),
  referencePrice: named.referencePrice,
  currency: fields.currency,
  lockupEndsAt: named.lockupEndsAt,
  capitalizationRules: z
    .record(
      z
        .string()
        .max(64)
        .meta({ examples: ['includeOutstandingShares'] }),
      z.boolean().meta({ description: 'Whether it counts.' }),
    )
    .meta({
      description:
        'What counts towards the fully diluted capitalization that the percentage refers to.',
    }),
  termsHash: named.termsHash,
  signedBy: z.array(named.side).max(2).meta({ description: 'The sides that have signed.' }),
  tokensAccepted: described(
    fields.tokenQuantity,
    'The tokens of the tranches that were accepted.',
    '50000.000000',
  ),
  sharesIssued: described(fields.shareQuantity, 'The shares that were issued for them.', '555556'),
  streamVersion,
});
export const trancheStatus = z.enum(['pending', 'opened', 'delivered', 'failed', 'accepted']).meta({
  description:
    '`opened`: the provider owes the tokens; `delivered`: they wait for the startup to accept; `failed`: it may be opened again.',
});
export const trancheResponse = z.strictObject({
  trancheId: named.trancheId,
  tokens: described(fields.tokenQuantity, 'The tokens of the tranche.', '50000.000000'),
  shares: described(fields.shareQuantity, 'The shares that are issued for them.', '555556'),
  status: trancheStatus,
  waitingSince: described(
    fields.instant,
    'Since when the provider owes the tokens: the tranche is opened and the issuer has not answered.',
  ).nullable(),
  failureReason: described(
    fields.reasonCode,
    'Why the tokens could not be granted.',
    'insufficient_tokens',
  ).nullable(),
  grantId: named.grantId.nullable(),
});
export const dealDetailResponse = dealResponse.extend({
  tranches: z
    .array(trancheResponse)
    .max(64)
    .meta({ description: 'The parts of the deal, in the order in which they are opened.' }),
});
export const dealsPage = pageOf(dealResponse);

export function toDealResponse(row: DealRow): z.output<typeof dealResponse> {
  return {
    dealId: row.dealId,
    companyId: row.companyId,
    companyPartyId: row.companyPartyId,
    providerPartyId: row.providerPartyId,
    seriesId: row.seriesId,
    classId: row.classId,
    status: row.status,
    tokens: microTokens(row.tokens),
    equityPpm: row.equityPpm,
    fullyDiluted: sharesOf(row.fullyDiluted),
    shares: sharesOf(row.shares),
    referencePrice: microMoney(row.referencePrice),
    currency: row.currency,
    lockupEndsAt: row.lockupEndsAt,
    capitalizationRules: row.capitalizationRules,
    termsHash: row.termsHash,
    signedBy: row.signedBy,
    tokensAccepted: microTokens(row.tokensAccepted),
    sharesIssued: sharesOf(row.sharesIssued),
    streamVersion: row.streamVersion,
  };
}

export function toTrancheResponse(row: TrancheRow): z.output<typeof trancheResponse> {
  const { trancheId, status, openedAt, failureReason, grantId } = row;
  return {
    trancheId,
    tokens: microTokens(row.tokens),
    shares: sharesOf(row.shares),
    status,
    waitingSince: status === 'opened' && openedAt !== null ? openedAt.toISOString() : null,
    failureReason,
    grantId,
  };
}
