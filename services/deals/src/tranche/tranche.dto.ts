import { named } from '@specie/contracts';
import { pageOf, pageQuery } from '@specie/nest-platform';
import { z } from 'zod';
import { toTrancheResponse, trancheResponse, trancheStatus } from '../deal/deal.dto.js';
import type { DealRow, TrancheRow } from '../deal/deal.table.js';

/** A tranche with the sides of its deal. */
export type WaitingTranche = TrancheRow & Pick<DealRow, 'companyPartyId' | 'providerPartyId'>;

export const trancheParams = z.strictObject({ dealId: named.dealId, trancheId: named.trancheId });

export const tranchesQuery = pageQuery.extend({ status: trancheStatus.prefault('opened') });
export const tranchesPage = pageOf(
  trancheResponse.extend({
    dealId: named.dealId,
    companyPartyId: named.companyPartyId,
    providerPartyId: named.providerPartyId,
  }),
);

export function toWaitingResponse(
  row: WaitingTranche,
): z.output<typeof tranchesPage>['items'][number] {
  const { dealId, companyPartyId, providerPartyId } = row;
  return { ...toTrancheResponse(row), dealId, companyPartyId, providerPartyId };
}
