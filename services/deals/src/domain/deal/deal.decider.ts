/**
 * A compute-for-equity deal: tokens in tranches for shares.
 *
 * D1: Both sides and a director who did not sign agree to the same terms, by their hash.
 * D2: Tranches are opened in order, one after the other; a failed one may be opened again.
 * D3 (S5): Shares are issued for an accepted tranche, in the same append, and for nothing else.
 * D4: The shares of the tranches sum to the shares of the deal exactly; the same holds for the tokens.
 * D5 (S7): Nothing is offered, signed, approved, activated, opened or accepted while a side is not eligible.
 * D6 (S5): The shares of a deal are reserved with its first signature, and no tranche is opened without.
 * D7: Until a deal is active either side may cancel it; its shares are free again with the same append.
 */
import {
  accept,
  assertPossible,
  reject,
  type Accepted,
  type Decision,
} from '@specie/event-sourcing';
import { formatMicro, microTokens, quantityMax, shares as sharesOf } from '@specie/quantities';
import {
  fullyDilutedOf,
  headroomDetails,
  headroomOf,
  issueTrancheShares,
  releaseShares,
  reserveShares,
  type Company,
  type CompanyEvent,
  type RegisteredCompany,
} from '../company/index.js';
import { sharesForEquity, sharesOfTranches } from '../equity/index.js';
import type {
  AcceptTranche,
  ActivateDeal,
  ApproveDeal,
  CancelDeal,
  DeliverTranche,
  FailTranche,
  OfferDeal,
  OpenTranche,
  SidesEligible,
  SignDeal,
} from './deal.commands.js';
import type {
  Deal,
  DealEvent,
  DealOnOffer,
  DealTerms,
  KnownDeal,
  Side,
  Tranche,
} from './deal.state.js';
import { canonicalTerms, outstandingAndNewShares } from './terms.js';

/** In the order in which they are checked. */
export const dealRejections = [
  'company_unknown',
  'deal_offered_differently',
  'class_unknown',
  'deal_unknown',
  'tranche_unknown',
  'provider_is_company',
  'not_a_side_of_the_deal',
  'not_a_director',
  'approver_is_signatory',
  'not_the_provider',
  'not_the_company',
  'deal_cancelled',
  'deal_not_signed',
  'deal_not_approved',
  'deal_not_active',
  'deal_already_active',
  'terms_hash_mismatch',
  'provider_ineligible',
  'company_ineligible',
  'approver_ineligible',
  'tranche_out_of_turn',
  'tranche_not_delivered',
  'tranche_repeated',
  'tokens_not_positive',
  'tokens_too_many',
  'lockup_in_past',
  'equity_out_of_range',
  'tranche_without_shares',
  'authorised_exceeded',
] as const;
export type DealRejection = (typeof dealRejections)[number];
export type DealDecision = Decision<DealEvent, DealRejection>;

export type PlacedDealEvent =
  | { readonly stream: 'deal'; readonly event: DealEvent }
  | { readonly stream: 'company'; readonly event: CompanyEvent };
export type PlacedDecision = Decision<PlacedDealEvent, DealRejection>;

export interface DealAndCompany {
  readonly deal: Deal;
  readonly company: Company;
}

/** SHA-256 (hex) of a text; hashing is done outside the domain. */
export type HashText = (text: string) => string;

export function offerDeal(
  { data: { providerEligible, companyEligible, ...data }, metadata }: OfferDeal,
  states: { readonly deal: Deal; readonly company: Company },
  hash: HashText,
): DealDecision {
  const { deal, company } = states;
  if (company.status === 'unregistered') return reject('company_unknown');
  if (deal.status !== 'unknown') {
    const terms = termsOf(data, company, deal.terms);
    const same = hash(canonicalTerms(terms)) === deal.terms.termsHash;
    return same ? accept() : reject('deal_offered_differently');
  }
  const shareClass = company.classes.get(data.classId);
  if (!shareClass) return reject('class_unknown');
  if (data.providerPartyId === company.partyId) return reject('provider_is_company');
  if (!providerEligible) return reject('provider_ineligible');
  if (!companyEligible) return reject('company_ineligible');
  const { tranches, lockupEndsAt } = data;
  if (new Set(tranches.map(({ trancheId }) => trancheId)).size < tranches.length)
    return reject('tranche_repeated');
  if (tranches.length === 0 || tranches.some(({ tokens }) => tokens <= 0n))
    return reject('tokens_not_positive');
  if (sumTokens(tranches) >= quantityMax)
    return reject('tokens_too_many', { limit: formatMicro(quantityMax) });
  if (lockupEndsAt !== null && Date.parse(lockupEndsAt) <= Date.parse(metadata.now))
    return reject('lockup_in_past', { now: metadata.now });
  const fullyDiluted = fullyDilutedOf(company);
  const shares = sharesForEquity(data.equityPpm, fullyDiluted);
  if (shares === null || shares >= quantityMax) return reject('equity_out_of_range');
  const terms = termsOf(data, company, { fullyDiluted, shares });
  if (terms.tranches.some((tranche) => tranche.shares <= 0n))
    return reject('tranche_without_shares', { shares: String(shares) });
  if (shares > headroomOf(shareClass))
    return reject('authorised_exceeded', headroomDetails(shareClass));
  return accept({
    type: 'deals.deal-offered',
    data: { ...terms, termsHash: hash(canonicalTerms(terms)) },
  });
}

/** The first signature reserves the shares (D6). */
export function signDeal({ data }: SignDeal, { deal, company }: DealAndCompany): PlacedDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { partyId, termsHash } = data;
  const side = sideOf(deal.terms, partyId);
  if (!side) return reject('not_a_side_of_the_deal');
  if (deal.status === 'cancelled') return reject('deal_cancelled');
  if (termsHash !== deal.terms.termsHash)
    return reject('terms_hash_mismatch', { termsHash: deal.terms.termsHash });
  if (deal.status !== 'offered' || deal.signedBy.includes(side)) return accept();
  if (!data.providerEligible) return reject('provider_ineligible');
  if (!data.companyEligible) return reject('company_ineligible');
  const { dealId } = deal.terms;
  return withReservation(
    { type: 'deals.deal-signed', data: { dealId, side, partyId, termsHash } },
    { deal, company },
  );
}

export function cancelDeal(
  { data }: CancelDeal,
  { deal, company }: DealAndCompany,
): PlacedDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { partyId } = data;
  const { dealId } = deal.terms;
  const side = sideOf(deal.terms, partyId);
  if (!side) return reject('not_a_side_of_the_deal');
  if (deal.status === 'cancelled') return accept();
  if ('tranches' in deal) return reject('deal_already_active');
  return place(
    [{ type: 'deals.deal-cancelled', data: { dealId, side, partyId } }],
    releaseShares({ data: { dealId } }, company).events,
  );
}

export function approveDeal(
  { data }: ApproveDeal,
  { deal, company }: DealAndCompany,
): DealDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { approvedBy, resolutionHash, termsHash } = data;
  const directors = company.status === 'registered' ? company.directorPartyIds : [];
  if (!directors.includes(approvedBy)) return reject('not_a_director');
  if (approvedBy === deal.terms.companyPartyId) return reject('approver_is_signatory');
  if (deal.status === 'cancelled') return reject('deal_cancelled');
  if (deal.status === 'offered')
    return reject('deal_not_signed', { missing: unsignedSides(deal).join(' and the ') });
  if (termsHash !== deal.terms.termsHash)
    return reject('terms_hash_mismatch', { termsHash: deal.terms.termsHash });
  if (deal.status !== 'signed') return accept();
  if (!data.providerEligible) return reject('provider_ineligible');
  if (!data.companyEligible) return reject('company_ineligible');
  if (!data.approverEligible) return reject('approver_ineligible');
  const { dealId } = deal.terms;
  return accept({
    type: 'deals.board-approved',
    data: { dealId, approvedBy, resolutionHash, termsHash },
  });
}

export function activateDeal({ data }: ActivateDeal, state: Deal): DealDecision {
  if (state.status === 'unknown') return reject('deal_unknown');
  if (!sideOf(state.terms, data.partyId)) return reject('not_a_side_of_the_deal');
  if (state.status === 'cancelled') return reject('deal_cancelled');
  if (state.status === 'offered' || state.status === 'signed')
    return reject('deal_not_approved', { status: state.status });
  if (state.status !== 'approved') return accept();
  if (!data.providerEligible) return reject('provider_ineligible');
  if (!data.companyEligible) return reject('company_ineligible');
  return accept({ type: 'deals.deal-activated', data: { dealId: state.terms.dealId } });
}

/** Tokens move only for shares that are reserved: a deal signed before shares were reserved takes them here (D6). */
export function openTranche(
  { data }: OpenTranche,
  { deal, company }: DealAndCompany,
): PlacedDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { dealId, seriesId, providerPartyId, companyPartyId, lockupEndsAt } = deal.terms;
  const index = deal.terms.tranches.findIndex(({ trancheId }) => trancheId === data.trancheId);
  if (index < 0) return reject('tranche_unknown');
  if (data.partyId !== providerPartyId) return reject('not_the_provider');
  if (deal.status !== 'active' && deal.status !== 'completed')
    return reject('deal_not_active', { status: deal.status });
  const tranche = trancheOf(deal, data.trancheId);
  if (tranche.status !== 'pending' && tranche.status !== 'failed') return accept();
  if (!data.providerEligible) return reject('provider_ineligible');
  if (!data.companyEligible) return reject('company_ineligible');
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
  return withReservation(opened, { deal, company });
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
): PlacedDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { dealId, classId, companyPartyId, providerPartyId } = deal.terms;
  const { trancheId, acceptedBy, issuanceId } = data;
  if (!deal.terms.tranches.some((each) => each.trancheId === trancheId))
    return reject('tranche_unknown');
  if (acceptedBy !== companyPartyId) return reject('not_the_company');
  if (deal.status !== 'active' && deal.status !== 'completed')
    return reject('deal_not_active', { status: deal.status });
  const tranche = trancheOf(deal, trancheId);
  if (tranche.status === 'accepted') return accept();
  if (!data.providerEligible) return reject('provider_ineligible');
  if (!data.companyEligible) return reject('company_ineligible');
  if (tranche.status !== 'delivered')
    return reject('tranche_not_delivered', { status: tranche.status });
  const { shares, tokens } = tranche;
  const paid = { dealId, trancheId, paidByTokens: tokens };
  const issued = issueTrancheShares(
    { data: { classId, issuanceId, holderPartyId: providerPartyId, shares, ...paid } },
    company,
  );
  if (issued.outcome === 'rejected') {
    // The shares are reserved; only those of a tranche opened before shares were reserved can have been used up.
    assertPossible(
      issued.code === 'authorised_exceeded',
      `a tranche issue refused with ${issued.code}`,
    );
    return reject('authorised_exceeded', issued.details);
  }
  const accepted: DealEvent = {
    type: 'deals.tranche-accepted',
    data: { dealId, trancheId, acceptedBy, issuanceId, shares },
  };
  const others = deal.tranches.filter((each) => each.trancheId !== trancheId);
  const dealEvents = others.every(({ status }) => status === 'accepted')
    ? [accepted, completionOf(deal.terms)]
    : [accepted];
  return place(dealEvents, issued.events);
}

function place(
  onDeal: readonly DealEvent[],
  onCompany: readonly CompanyEvent[],
): Accepted<PlacedDealEvent> {
  return accept<PlacedDealEvent>(
    ...onDeal.map((event) => ({ stream: 'deal' as const, event })),
    ...onCompany.map((event) => ({ stream: 'company' as const, event })),
  );
}

/** `event`, with what is still to be issued reserved in the same append unless it is reserved already. */
function withReservation(
  event: DealEvent,
  states: { readonly deal: KnownDeal; readonly company: Company },
): PlacedDecision {
  const { deal, company } = states;
  const { dealId, classId, shares } = deal.terms;
  const issued = ('tranches' in deal ? deal.tranches : [])
    .filter(({ status }) => status === 'accepted')
    .reduce<bigint>((sum, tranche) => sum + tranche.shares, 0n);
  const data = { dealId, classId, shares: sharesOf(shares - issued) };
  const reserved = reserveShares({ data }, company);
  if (reserved.outcome === 'rejected') {
    assertPossible(
      reserved.code === 'authorised_exceeded',
      `a reservation refused with ${reserved.code}`,
    );
    return reject('authorised_exceeded', reserved.details);
  }
  return place([event], reserved.events);
}

function unsignedSides({ signedBy }: DealOnOffer): readonly Side[] {
  return (['provider', 'company'] as const).filter((side) => !signedBy.includes(side));
}

function completionOf({ dealId, shares, tokens }: DealTerms): DealEvent {
  return { type: 'deals.deal-completed', data: { dealId, shares, tokens } };
}

function termsOf(
  data: Omit<OfferDeal['data'], keyof SidesEligible>,
  company: RegisteredCompany,
  size: Pick<DealTerms, 'fullyDiluted' | 'shares'>,
): Omit<DealTerms, 'termsHash'> {
  const tokens = data.tranches.map((tranche) => tranche.tokens);
  const sizes = tokens.every((each) => each > 0n) ? sharesOfTranches(size.shares, tokens) : [];
  return {
    ...data,
    companyPartyId: company.partyId,
    tokens: microTokens(sumTokens(data.tranches)),
    capitalizationRules: outstandingAndNewShares,
    fullyDiluted: size.fullyDiluted,
    shares: size.shares,
    tranches: data.tranches.map((tranche, index) => ({
      ...tranche,
      shares: sizes[index] ?? sharesOf(0n),
    })),
  };
}

function sumTokens(tranches: OfferDeal['data']['tranches']): bigint {
  return tranches.reduce<bigint>((sum, { tokens }) => sum + tokens, 0n);
}

function sideOf(terms: DealTerms, partyId: string): Side | null {
  if (partyId === terms.providerPartyId) return 'provider';
  return partyId === terms.companyPartyId ? 'company' : null;
}

function trancheOf(state: Deal, trancheId: string): Tranche {
  const running: KnownDeal | null = state.status === 'unknown' ? null : state;
  const tranches = running && 'tranches' in running ? running.tranches : [];
  const tranche = tranches.find((each) => each.trancheId === trancheId);
  assertPossible(tranche !== undefined, 'an unknown tranche of a running deal');
  return tranche;
}
