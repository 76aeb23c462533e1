import { described, fields, named } from '@specie/contracts';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { microTokens, shares as sharesOf } from '@specie/quantities';
import { z } from 'zod';
import type { TrancheRow, WaitingTranche } from './tranche.table.js';

export const trancheParams = z.strictObject({ dealId: named.dealId, trancheId: named.trancheId });

const trancheStatus = z.enum(['pending', 'opened', 'delivered', 'failed', 'accepted']).meta({
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
export const tranchesQuery = pageQuery.extend({ status: trancheStatus.prefault('opened') });
export const tranchesPage = pageOf(
  trancheResponse.extend({
    dealId: named.dealId,
    companyPartyId: named.companyPartyId,
    providerPartyId: named.providerPartyId,
  }),
);

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

export function toWaitingResponse(
  row: WaitingTranche,
): z.output<typeof tranchesPage>['items'][number] {
  const { dealId, companyPartyId, providerPartyId } = row;
  return { ...toTrancheResponse(row), dealId, companyPartyId, providerPartyId };
}
