/**
 * A company and its cap table.
 *
 * C1 (S5): Per class, issued - cancelled = the sum of the holdings.
 * C2 (S5): Issued - cancelled + reserved never exceeds what is authorised, and an authorisation is never lowered
 *          below it.
 * C3 (S5): Shares come from the founding or from an accepted tranche, which they cite.
 * C4: No holding is negative.
 * C5 (S5): What a signed deal promises is reserved until it is issued or the deal is cancelled; nothing but the deal
 *          itself uses it.
 * C6 (S7): Who may not deal changes nothing of a cap table, and nobody who is unknown or frozen gets or gives up shares.
 */
import {
  accept,
  reject,
  type Accepted,
  type Decision,
  type Rejected,
  type ViolationDetails,
} from '@specie/event-sourcing';
import { quantityMax, shares as sharesOf, type Shares } from '@specie/quantities';
import type {
  AskForShares,
  AuthoriseShareClass,
  CancelShares,
  IssueFoundingShares,
  IssueTrancheShares,
  RegisterCompany,
  ReleaseShares,
  ReserveShares,
} from './company.commands.js';
import {
  entryKey,
  entryText,
  type Company,
  type CompanyEvent,
  type RegisteredCompany,
  type ShareClass,
} from './company.state.js';

/** In the order in which they are checked. */
export const companyRejections = [
  'company_registered_differently',
  'company_unknown',
  'class_exists_differently',
  'class_unknown',
  'entry_exists_differently',
  'party_ineligible',
  'holder_ineligible',
  'directors_only_signatory',
  'shares_not_positive',
  'shares_too_many',
  'classes_too_many',
  'authorised_below_outstanding',
  'authorised_below_reserved',
  'authorised_exceeded',
  'holding_too_small',
] as const;
export type CompanyRejection = (typeof companyRejections)[number];

/** Of one company; its cap table shows all of them. */
export const classCountMax = 2_000;

export type CompanyDecision<R extends CompanyRejection = CompanyRejection> = Decision<
  CompanyEvent,
  R
>;

export function registerCompany({ data }: RegisterCompany, state: Company): CompanyDecision {
  const { companyId, partyId } = data;
  const directorPartyIds = [...new Set(data.directorPartyIds)];
  if (state.status === 'registered') {
    const same =
      state.partyId === partyId &&
      state.directorPartyIds.length === directorPartyIds.length &&
      state.directorPartyIds.every((director, index) => director === directorPartyIds[index]);
    return same ? accept() : reject('company_registered_differently');
  }
  if (!data.eligible) return reject('party_ineligible', data.ineligibility);
  if (!directorPartyIds.some((director) => director !== partyId))
    return reject('directors_only_signatory');
  return accept({
    type: 'deals.company-registered',
    data: { companyId, partyId, directorPartyIds },
  });
}

/** Authorises a class, or more shares of one that exists. */
export function authoriseShareClass(
  { data }: AuthoriseShareClass,
  state: Company,
): CompanyDecision {
  if (state.status === 'unregistered') return reject('company_unknown');
  const { classId, kind, authorised } = data;
  const existing = state.classes.get(classId);
  if (existing && existing.kind !== kind) return reject('class_exists_differently');
  if (existing?.authorised === authorised) return accept();
  if (!data.eligible) return reject('party_ineligible', data.ineligibility);
  if (authorised <= 0n) return reject('shares_not_positive');
  if (authorised > quantityMax) return reject('shares_too_many', { limit: String(quantityMax) });
  if (!existing && state.classes.size >= classCountMax)
    return reject('classes_too_many', { classCountMax });
  if (existing && authorised < outstandingOf(existing))
    return reject('authorised_below_outstanding', headroomDetails(existing));
  if (existing && authorised < outstandingOf(existing) + existing.reserved)
    return reject('authorised_below_reserved', headroomDetails(existing));
  const { companyId } = state;
  return accept({
    type: 'deals.share-class-authorised',
    data: { companyId, classId, kind, authorised },
  });
}

export function issueFoundingShares(
  { data: { eligible, ineligibility, holderEligible, ...data } }: IssueFoundingShares,
  state: Company,
): CompanyDecision {
  const nothingPaid = {
    cause: 'founding',
    dealId: null,
    trancheId: null,
    paidByTokens: null,
  } as const;
  const barred = holderEligible ? null : reject('holder_ineligible');
  return issue(
    { ...data, ...nothingPaid },
    state,
    eligible ? barred : reject('party_ineligible', ineligibility),
  );
}

export function issueTrancheShares({ data }: IssueTrancheShares, state: Company): CompanyDecision {
  return issue({ ...data, cause: 'tranche' }, state, null);
}

/** Promises shares to a deal; quiet if they are promised already. */
export function reserveShares(
  { data }: ReserveShares,
  state: Company,
): CompanyDecision<'company_unknown' | 'class_unknown' | 'authorised_exceeded'> {
  if (state.status === 'unregistered') return reject('company_unknown');
  const shareClass = state.classes.get(data.classId);
  if (!shareClass) return reject('class_unknown');
  if (data.shares <= 0n || state.reservations.has(data.dealId)) return accept();
  if (data.shares > headroomOf(shareClass))
    return reject('authorised_exceeded', headroomDetails(shareClass, data));
  const { classId, dealId, shares } = data;
  return accept({
    type: 'deals.shares-reserved',
    data: { companyId: state.companyId, classId, dealId, shares },
  });
}

/** Frees what is reserved for a deal; quiet if nothing is. */
export function releaseShares({ data }: ReleaseShares, state: Company): Accepted<CompanyEvent> {
  const { dealId } = data;
  const reservation = state.status === 'registered' ? state.reservations.get(dealId) : undefined;
  if (state.status === 'unregistered' || reservation === undefined) return accept();
  const { companyId } = state;
  return accept({ type: 'deals.shares-released', data: { companyId, dealId, ...reservation } });
}

export function cancelShares(
  { data: { eligible, ineligibility, ...data } }: CancelShares,
  state: Company,
): CompanyDecision {
  if (state.status === 'unregistered') return reject('company_unknown');
  const { classId, cancellationId, holderPartyId, shares } = data;
  const shareClass = state.classes.get(classId);
  if (!shareClass) return reject('class_unknown');
  const entry = state.entries.get(entryKey('cancellation', cancellationId));
  if (entry !== undefined)
    return entry === entryText(data) ? accept() : reject('entry_exists_differently');
  if (!eligible) return reject('party_ineligible', ineligibility);
  if (shares <= 0n) return reject('shares_not_positive');
  const held = shareClass.holdings.get(holderPartyId) ?? 0n;
  if (held < shares) return reject('holding_too_small', { held: String(held) });
  return accept({ type: 'deals.shares-cancelled', data: { companyId: state.companyId, ...data } });
}

type Issue = AskForShares &
  Omit<Extract<CompanyEvent, { type: 'deals.shares-issued' }>['data'], 'companyId'>;

/** `barred`: the refusal if compliance does not let this pass. */
function issue(
  { askedAt, ...data }: Issue,
  state: Company,
  barred: Rejected<'party_ineligible' | 'holder_ineligible'> | null,
): CompanyDecision {
  if (state.status === 'unregistered') return reject('company_unknown');
  const shareClass = state.classes.get(data.classId);
  if (!shareClass) return reject('class_unknown');
  const entry = state.entries.get(entryKey(data.cause, data.issuanceId));
  if (entry !== undefined)
    return entry === entryText(data) ? accept() : reject('entry_exists_differently');
  if (barred) return barred;
  if (data.shares <= 0n) return reject('shares_not_positive');
  const promised = data.dealId === null ? undefined : state.reservations.get(data.dealId);
  if (data.shares > headroomOf(shareClass) + (promised?.shares ?? 0n))
    return reject('authorised_exceeded', headroomDetails(shareClass, { askedAt }));
  return accept({ type: 'deals.shares-issued', data: { companyId: state.companyId, ...data } });
}

export function outstandingOf(shareClass: Pick<ShareClass, 'issued' | 'cancelled'>): Shares {
  return sharesOf(shareClass.issued - shareClass.cancelled);
}

/** What may still be issued or promised. */
export function headroomOf(
  shareClass: Pick<ShareClass, 'authorised' | 'issued' | 'cancelled' | 'reserved'>,
): Shares {
  return sharesOf(shareClass.authorised - outstandingOf(shareClass) - shareClass.reserved);
}

/** What a refusal for want of shares rests on. */
export function headroomDetails(
  shareClass: ShareClass,
  { askedAt }: AskForShares = {},
): ViolationDetails {
  return {
    authorised: String(shareClass.authorised),
    outstanding: String(outstandingOf(shareClass)),
    reserved: String(shareClass.reserved),
    free: String(headroomOf(shareClass)),
    ...(askedAt === undefined ? {} : { path: askedAt }),
  };
}

/** All shares outstanding, of every class: the capitalization that `outstandingSharesOnly` stands for. */
export function fullyDilutedOf(company: RegisteredCompany): Shares {
  return sharesOf(
    [...company.classes.values()].reduce((sum, each) => sum + outstandingOf(each), 0n),
  );
}
