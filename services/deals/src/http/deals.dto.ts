import { fields } from '@specie/contracts';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { microMoney, microTokens, shares as sharesOf } from '@specie/quantities';
import { z } from 'zod';
import type { WaitingTranche } from '../projections/deals/deals.query.js';
import type { DealRow, TrancheRow } from '../projections/tables.js';

const {
  id,
  instant,
  currency,
  ppm,
  sha256Hex,
  tokenQuantity,
  moneyQuantity,
  shareQuantity,
  reasonCode,
} = fields;

export const dealParams = z.strictObject({ dealId: id });
export const trancheParams = z.strictObject({ dealId: id, trancheId: id });

export const offerRequest = z.strictObject({
  dealId: id.optional(),
  companyId: id,
  seriesId: id,
  classId: id,
  equityPpm: ppm,
  referencePrice: moneyQuantity,
  currency,
  lockupEndsAt: instant.nullable(),
  tranches: z
    .array(z.strictObject({ trancheId: id.optional(), tokens: tokenQuantity }))
    .min(1)
    .max(64),
});
export const signatureRequest = z.strictObject({ termsHash: sha256Hex });
export const approvalRequest = z.strictObject({ termsHash: sha256Hex, resolutionHash: sha256Hex });

const trancheStatus = z.enum(['pending', 'opened', 'delivered', 'failed', 'accepted']);
const trancheFields = {
  trancheId: id,
  tokens: tokenQuantity,
  shares: shareQuantity,
  status: trancheStatus,
  /** Since when the provider owes the tokens: the tranche is opened and the issuer has not answered. */
  waitingSince: instant.nullable(),
  failureReason: reasonCode.nullable(),
  grantId: id.nullable(),
};
export const dealResponse = z.strictObject({
  dealId: id,
  companyId: id,
  companyPartyId: id,
  providerPartyId: id,
  seriesId: id,
  classId: id,
  status: z.enum(['offered', 'signed', 'approved', 'active', 'completed', 'cancelled']),
  tokens: tokenQuantity,
  equityPpm: ppm,
  fullyDiluted: shareQuantity,
  shares: shareQuantity,
  referencePrice: moneyQuantity,
  currency,
  lockupEndsAt: instant.nullable(),
  capitalizationRules: z.record(z.string().max(64), z.boolean()),
  termsHash: sha256Hex,
  signedBy: z.array(z.enum(['provider', 'company'])).max(2),
  tokensAccepted: tokenQuantity,
  sharesIssued: shareQuantity,
  streamVersion: z.int().min(1),
});
export const dealDetailResponse = dealResponse.extend({
  tranches: z.array(z.strictObject(trancheFields)).max(64),
});
export const dealsPage = pageOf(dealResponse);

export const tranchesQuery = pageQuery.extend({ status: trancheStatus.prefault('opened') });
export const tranchesPage = pageOf(
  z.strictObject({ ...trancheFields, dealId: id, companyPartyId: id, providerPartyId: id }),
);

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
    currency: row.currency as 'USD',
    lockupEndsAt: row.lockupEndsAt,
    capitalizationRules: row.capitalizationRules,
    termsHash: row.termsHash,
    signedBy: row.signedBy as ('provider' | 'company')[],
    tokensAccepted: microTokens(row.tokensAccepted),
    sharesIssued: sharesOf(row.sharesIssued),
    streamVersion: row.streamVersion,
  };
}

export function toTrancheResponse(
  row: TrancheRow,
): z.output<typeof dealDetailResponse>['tranches'][number] {
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

export function toWaitingResponse(
  row: WaitingTranche,
): z.output<typeof tranchesPage>['items'][number] {
  const { dealId, companyPartyId, providerPartyId } = row;
  return { ...toTrancheResponse(row), dealId, companyPartyId, providerPartyId };
}
