import { streamIds } from '@specie/contracts';
import type { Decision } from '@specie/event-sourcing';
import { NotFound, type CallerIdentity } from '@specie/nest-platform';
import { companyAggregate } from '../domain/company/index.js';
import { dealAggregate } from '../domain/deal/index.js';
import type { CompaniesQuery } from '../projections/companies/companies.query.js';
import type { DealsQuery } from '../projections/deals/deals.query.js';
import type { DealRow } from '../projections/tables.js';
import { isOverseer } from './access.js';

/** @throws NotFound for a deal that is not there, or not for the caller: it is neither a side, a director nor an overseer. */
export async function visibleDeal(
  read: { readonly deals: DealsQuery; readonly companies: CompaniesQuery },
  dealId: string,
  caller: CallerIdentity,
): Promise<DealRow> {
  const row = await read.deals.deal(dealId);
  const company = row && (await read.companies.company(row.companyId));
  const parties = [row?.companyPartyId, row?.providerPartyId, ...(company?.directorPartyIds ?? [])];
  if (!row || !(isOverseer(caller) || parties.includes(caller.partyId))) {
    throw new NotFound('deal_unknown');
  }
  return row;
}

/** A deal and the company whose shares it is about, decided on together. */
export function streamsOf(
  dealId: string,
  companyId: string,
): {
  readonly deal: { readonly streamId: string; readonly aggregate: typeof dealAggregate };
  readonly company: { readonly streamId: string; readonly aggregate: typeof companyAggregate };
} {
  return {
    deal: { streamId: streamIds.deal(dealId), aggregate: dealAggregate },
    company: { streamId: streamIds.company(companyId), aggregate: companyAggregate },
  };
}

/** A decision that reads both streams and writes the deal's alone. */
export function onDeal<E, R extends string>(
  decision: Decision<E, R>,
): Decision<{ readonly stream: 'deal'; readonly event: E }, R> {
  return decision.outcome === 'rejected'
    ? decision
    : { ...decision, events: decision.events.map((event) => ({ stream: 'deal', event })) };
}

/** The version of the deal among those a command wrote. */
export function dealVersion(dealId: string, versions: ReadonlyMap<string, number>): number {
  return versions.get(streamIds.deal(dealId)) ?? 0;
}
