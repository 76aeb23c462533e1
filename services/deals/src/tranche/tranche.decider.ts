/**
 * The tranches of a deal: tokens that are delivered for shares.
 *
 * D2: Tranches are opened in order, one after the other; a failed one may be opened again.
 * D3 (S5): Shares are issued for an accepted tranche, in the same append, and for nothing else.
 * D5, D6: Of deals, in deal.decider.ts, hold for their tranches as well.
 */
import { accept, assertPossible, reject, type Accepted } from '@specie/event-sourcing';
import { issueTrancheShares } from '../company/company.decider.js';
import {
  acceptBoth,
  ineligibleSide,
  onlyForWantOfShares,
  withReservation,
  type DealDecision,
} from '../deal/deal.decider.js';
import type {
  Deal,
  DealAndCompany,
  DealEvent,
  DealTerms,
  KnownDeal,
  Tranche,
} from '../deal/deal.state.js';
import type { TrancheRejection } from '../deal/tranche-rejections.js';
import type {
  AcceptTranche,
  DeliverTranche,
  FailTranche,
  OpenTranche,
} from './tranche.commands.js';

export type TrancheDecision = DealDecision<TrancheRejection>;

/** Tokens move only for shares that are reserved: a deal signed before shares were reserved takes them here (D6). */
export function openTranche(
  { data }: OpenTranche,
  { deal, company }: DealAndCompany,
): TrancheDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { dealId, seriesId, providerPartyId, companyPartyId, lockupEndsAt } = deal.terms;
  const index = deal.terms.tranches.findIndex(({ trancheId }) => trancheId === data.trancheId);
  if (index < 0) return reject('tranche_unknown');
  if (data.partyId !== providerPartyId) return reject('not_the_provider');
  if (deal.status !== 'active' && deal.status !== 'completed')
    return reject('deal_not_active', { status: deal.status });
  const tranche = trancheOf(deal, data.trancheId);
  if (tranche.status !== 'pending' && tranche.status !== 'failed') return accept();
  const barred = ineligibleSide(data);
  if (barred) return barred;
  const before = deal.tranches.slice(0, index);
  const next = before.findIndex(({ status }) => status !== 'accepted');
  const due = before[next];
  if (due) {
    const { trancheId: nextId, status } = due;
    return reject('tranche_out_of_turn', { next: next + 1, nextId, status });
  }
  const { trancheId, tokens } = tranche;
  const parties = { fromPartyId: providerPartyId, toPartyId: companyPartyId };
  const opened: DealEvent = {
    type: 'deals.tranche-opened',
    data: { dealId, trancheId, seriesId, ...parties, tokens, lockupEndsAt },
  };
  return withReservation(opened, { deal, company }, data);
}

/** The issuer granted the tokens. Only an opened tranche is granted, so anything else is corrupt history. */
export function deliverTranche({ data }: DeliverTranche, state: Deal): Accepted<DealEvent> {
  const { trancheId, grantId } = data;
  const tranche = trancheOf(state, trancheId);
  if (tranche.status === 'delivered' || tranche.status === 'accepted') return accept();
  assertPossible(
    tranche.status === 'opened' && state.status === 'active',
    'a grant of a tranche that is not open',
  );
  return accept({
    type: 'deals.tranche-delivered',
    data: { dealId: state.terms.dealId, trancheId, grantId },
  });
}

/** The issuer refused. A late second delivery may find the tranche opened again and even delivered; it says nothing new. */
export function failTranche({ data }: FailTranche, state: Deal): Accepted<DealEvent> {
  const { trancheId, reason } = data;
  const tranche = trancheOf(state, trancheId);
  assertPossible(tranche.status !== 'pending', 'a refusal of a tranche that was never opened');
  if (state.status !== 'active' || tranche.status !== 'opened') return accept();
  return accept({
    type: 'deals.tranche-failed',
    data: { dealId: state.terms.dealId, trancheId, reason },
  });
}

/** The startup accepts what was delivered, and its shares are issued with the same append (D3). */
export function acceptTranche(
  { data }: AcceptTranche,
  { deal, company }: DealAndCompany,
): TrancheDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { dealId, classId, companyPartyId, providerPartyId } = deal.terms;
  const { trancheId, acceptedBy, issuanceId, askedAt } = data;
  if (!deal.terms.tranches.some((each) => each.trancheId === trancheId))
    return reject('tranche_unknown');
  if (acceptedBy !== companyPartyId) return reject('not_the_company');
  if (deal.status !== 'active' && deal.status !== 'completed')
    return reject('deal_not_active', { status: deal.status });
  const tranche = trancheOf(deal, trancheId);
  if (tranche.status === 'accepted') return accept();
  const barred = ineligibleSide(data);
  if (barred) return barred;
  if (tranche.status !== 'delivered')
    return reject('tranche_not_delivered', { status: tranche.status });
  const { shares, tokens } = tranche;
  const paid = { dealId, trancheId, paidByTokens: tokens };
  const issued = issueTrancheShares(
    { data: { classId, issuanceId, holderPartyId: providerPartyId, shares, askedAt, ...paid } },
    company,
  );
  // The shares are reserved; only those of a tranche opened before shares were reserved can have been used up.
  if (issued.outcome === 'rejected') return onlyForWantOfShares(issued);
  const accepted: DealEvent = {
    type: 'deals.tranche-accepted',
    data: { dealId, trancheId, acceptedBy, issuanceId, shares },
  };
  const others = deal.tranches.filter((each) => each.trancheId !== trancheId);
  const dealEvents = others.every(({ status }) => status === 'accepted')
    ? [accepted, completionOf(deal.terms)]
    : [accepted];
  return acceptBoth(deal.terms, dealEvents, issued.events);
}

function completionOf({ dealId, shares, tokens }: DealTerms): DealEvent {
  return { type: 'deals.deal-completed', data: { dealId, shares, tokens } };
}

function trancheOf(state: Deal, trancheId: string): Tranche {
  const running: KnownDeal | null = state.status === 'unknown' ? null : state;
  const tranches = running && 'tranches' in running ? running.tranches : [];
  const tranche = tranches.find((each) => each.trancheId === trancheId);
  assertPossible(tranche !== undefined, 'an unknown tranche of a running deal');
  return tranche;
}
