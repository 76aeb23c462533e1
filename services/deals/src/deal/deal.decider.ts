/**
 * A compute-for-equity deal: tokens in tranches for shares.
 *
 * D1: Both sides and a director who did not sign agree to the same terms, by their hash.
 * D2, D3: Of its tranches, in tranche.decider.ts.
 * D4: The shares of the tranches sum to the shares of the deal exactly; the same holds for the tokens.
 * D5 (S7): Nothing is offered, signed, approved, activated, opened or accepted while a side is not eligible.
 * D6 (S5): The shares of a deal are reserved with its first signature, and no tranche is opened without.
 * D7: Until a deal is active either side may cancel it; its shares are free again with the same append.
 */
import {
  accept,
  assertPossible,
  codeOf,
  place,
  reject,
  type Accepted,
  type Decision,
  type Placed,
  type Rejected,
} from '@specie/event-sourcing';
import { formatMicro, microTokens, quantityMax, shares as sharesOf } from '@specie/quantities';
import {
  fullyDilutedOf,
  headroomDetails,
  headroomOf,
  releaseShares,
  reserveShares,
  type CompanyRejection,
} from '../company/company.decider.js';
import type { AskForShares } from '../company/company.commands.js';
import {
  companyStream,
  type Company,
  type CompanyEvent,
  type RegisteredCompany,
} from '../company/company.state.js';
import { sharesForEquity, sharesOfTranches } from '../equity/equity.js';
import type {
  ActivateDeal,
  ApproveDeal,
  CancelDeal,
  DealOffer,
  OfferDeal,
  SidesEligible,
  SignDeal,
} from './deal.commands.js';
import {
  dealStream,
  type Deal,
  type DealAndCompany,
  type DealEvent,
  type DealOnOffer,
  type DealTerms,
  type KnownDeal,
  type Side,
} from './deal.state.js';
import { canonicalTerms, outstandingAndNewShares } from './terms.js';

/** In the order in which they are checked. */
export const dealRejections = [
  'company_unknown',
  'deal_offered_differently',
  'class_unknown',
  'deal_unknown',
  'provider_is_company',
  'not_a_side_of_the_deal',
  'not_a_director',
  'approver_is_signatory',
  'deal_cancelled',
  'deal_not_signed',
  'deal_not_approved',
  'deal_already_active',
  'terms_hash_mismatch',
  'provider_ineligible',
  'company_ineligible',
  'approver_ineligible',
  'tranche_repeated',
  'tokens_not_positive',
  'tokens_too_many',
  'lockup_in_past',
  'equity_out_of_range',
  'tranche_without_shares',
  'authorised_exceeded',
] as const;
export type DealRejection = (typeof dealRejections)[number];

export type PlacedDealEvent = Placed<DealEvent | CompanyEvent>;
export type DealDecision<R extends string = DealRejection> = Decision<PlacedDealEvent, R>;

/** SHA-256 (hex) of a text; hashing is done outside the domain. */
export type HashText = (text: string) => string;

export function offerDeal(
  { data, metadata }: OfferDeal,
  { deal, company }: DealAndCompany,
  hash: HashText,
): DealDecision {
  if (company.status === 'unregistered') return reject('company_unknown');
  if (deal.status !== 'unknown') {
    const terms = termsOf(data, company, deal.terms);
    const same = hash(canonicalTerms(terms)) === deal.terms.termsHash;
    return same ? accept() : reject('deal_offered_differently');
  }
  const shareClass = company.classes.get(data.classId);
  if (!shareClass) return reject('class_unknown');
  if (data.providerPartyId === company.partyId) return reject('provider_is_company');
  const barred = ineligibleSide(data);
  if (barred) return barred;
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
    return reject('authorised_exceeded', headroomDetails(shareClass, data));
  const termsHash = hash(canonicalTerms(terms));
  return accept(
    place(dealStream(data.dealId), { type: 'deals.deal-offered', data: { ...terms, termsHash } }),
  );
}

/** The first signature reserves the shares (D6). */
export function signDeal({ data }: SignDeal, { deal, company }: DealAndCompany): DealDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { partyId, termsHash } = data;
  const side = sideOf(deal.terms, partyId);
  if (!side) return reject('not_a_side_of_the_deal');
  if (deal.status === 'cancelled') return reject('deal_cancelled');
  if (termsHash !== deal.terms.termsHash)
    return reject('terms_hash_mismatch', { termsHash: deal.terms.termsHash });
  if (deal.status !== 'offered' || deal.signedBy.includes(side)) return accept();
  const barred = ineligibleSide(data);
  if (barred) return barred;
  const { dealId } = deal.terms;
  return withReservation(
    { type: 'deals.deal-signed', data: { dealId, side, partyId, termsHash } },
    { deal, company },
    data,
  );
}

export function cancelDeal({ data }: CancelDeal, { deal, company }: DealAndCompany): DealDecision {
  if (deal.status === 'unknown') return reject('deal_unknown');
  const { partyId } = data;
  const { dealId } = deal.terms;
  const side = sideOf(deal.terms, partyId);
  if (!side) return reject('not_a_side_of_the_deal');
  if (deal.status === 'cancelled') return accept();
  if ('tranches' in deal) return reject('deal_already_active');
  return acceptBoth(
    deal.terms,
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
  const barred = ineligibleSide(data);
  if (barred) return barred;
  if (!data.approverEligible) return reject('approver_ineligible', data.approverIneligibility);
  const { dealId } = deal.terms;
  return accept(
    place(dealStream(dealId), {
      type: 'deals.board-approved',
      data: { dealId, approvedBy, resolutionHash, termsHash },
    }),
  );
}

export function activateDeal(
  { data }: ActivateDeal,
  state: Deal,
): Decision<DealEvent, DealRejection> {
  if (state.status === 'unknown') return reject('deal_unknown');
  if (!sideOf(state.terms, data.partyId)) return reject('not_a_side_of_the_deal');
  if (state.status === 'cancelled') return reject('deal_cancelled');
  if (state.status === 'offered' || state.status === 'signed')
    return reject('deal_not_approved', { status: state.status });
  if (state.status !== 'approved') return accept();
  const barred = ineligibleSide(data);
  if (barred) return barred;
  return accept({ type: 'deals.deal-activated', data: { dealId: state.terms.dealId } });
}

/** The refusal if compliance does not let a side make deals (D5). */
export function ineligibleSide(
  data: SidesEligible,
): Rejected<'provider_ineligible' | 'company_ineligible'> | null {
  if (!data.providerEligible) return reject('provider_ineligible', data.providerIneligibility);
  if (!data.companyEligible) return reject('company_ineligible', data.companyIneligibility);
  return null;
}

/** The events of the deal, then those of the company, for one append. */
export function acceptBoth(
  { dealId, companyId }: DealTerms,
  onDeal: readonly DealEvent[],
  onCompany: readonly CompanyEvent[],
): Accepted<PlacedDealEvent> {
  return accept<PlacedDealEvent>(
    ...onDeal.map((event) => place(dealStream(dealId), event)),
    ...onCompany.map((event) => place(companyStream(companyId), event)),
  );
}

/** `event`, with what is still to be issued reserved in the same append unless it is reserved already. */
export function withReservation(
  event: DealEvent,
  { deal, company }: { readonly deal: KnownDeal; readonly company: Company },
  { askedAt }: AskForShares,
): DealDecision<'authorised_exceeded'> {
  const { dealId, classId, shares } = deal.terms;
  const issued = ('tranches' in deal ? deal.tranches : [])
    .filter(({ status }) => status === 'accepted')
    .reduce<bigint>((sum, tranche) => sum + tranche.shares, 0n);
  const data = { dealId, classId, shares: sharesOf(shares - issued), askedAt };
  const reserved = reserveShares({ data }, company);
  return reserved.outcome === 'rejected'
    ? onlyForWantOfShares(reserved)
    : acceptBoth(deal.terms, [event], reserved.events);
}

/** Deal and company agree on everything else, so a refusal of the company for another reason is corrupt history. */
export function onlyForWantOfShares(
  refused: Rejected<CompanyRejection, CompanyEvent>,
): Rejected<'authorised_exceeded'> {
  const code = codeOf(refused);
  assertPossible(code === 'authorised_exceeded', `shares of a deal refused with ${code}`);
  return reject(code, refused.violations[0].details);
}

function unsignedSides({ signedBy }: DealOnOffer): readonly Side[] {
  return (['provider', 'company'] as const).filter((side) => !signedBy.includes(side));
}

function termsOf(
  offer: DealOffer,
  company: RegisteredCompany,
  size: Pick<DealTerms, 'fullyDiluted' | 'shares'>,
): Omit<DealTerms, 'termsHash'> {
  const { dealId, companyId, providerPartyId, seriesId, classId, tranches } = offer;
  const { equityPpm, referencePrice, currency, lockupEndsAt } = offer;
  const tokens = tranches.map((tranche) => tranche.tokens);
  const sizes = tokens.every((each) => each > 0n) ? sharesOfTranches(size.shares, tokens) : [];
  return {
    dealId,
    companyId,
    companyPartyId: company.partyId,
    providerPartyId,
    seriesId,
    classId,
    tokens: microTokens(sumTokens(tranches)),
    equityPpm,
    capitalizationRules: outstandingAndNewShares,
    fullyDiluted: size.fullyDiluted,
    shares: size.shares,
    referencePrice,
    currency,
    lockupEndsAt,
    tranches: tranches.map((tranche, index) => ({
      ...tranche,
      shares: sizes[index] ?? sharesOf(0n),
    })),
  };
}

function sumTokens(tranches: DealOffer['tranches']): bigint {
  return tranches.reduce<bigint>((sum, { tokens }) => sum + tokens, 0n);
}

function sideOf(terms: DealTerms, partyId: string): Side | null {
  if (partyId === terms.providerPartyId) return 'provider';
  return partyId === terms.companyPartyId ? 'company' : null;
}
