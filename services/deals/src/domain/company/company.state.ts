import type {
  CompanyRegistered,
  ShareClassAuthorised,
  SharesCancelled,
  SharesIssued,
} from '@specie/contracts';
import { assertNever, assertPossible, type Aggregate } from '@specie/event-sourcing';
import { add, shares as sharesOf, subtract, type Shares } from '@specie/quantities';

export type CompanyEvent =
  CompanyRegistered | ShareClassAuthorised | SharesIssued | SharesCancelled;

export interface ShareClass {
  readonly classId: string;
  readonly kind: ShareClassAuthorised['data']['kind'];
  readonly authorised: Shares;
  readonly issued: Shares;
  readonly cancelled: Shares;
  /** Shares by holder. */
  readonly holdings: ReadonlyMap<string, Shares>;
}

export interface RegisteredCompany {
  readonly status: 'registered';
  readonly companyId: string;
  readonly partyId: string;
  readonly directorPartyIds: readonly string[];
  readonly classes: ReadonlyMap<string, ShareClass>;
  /** What was issued and cancelled under which id, as `class/holder/shares`: an id is used once. */
  readonly entries: ReadonlyMap<string, string>;
}

export type Company = { readonly status: 'unregistered' } | RegisteredCompany;

export const companyAggregate: Aggregate<Company, CompanyEvent> = {
  initialState: () => ({ status: 'unregistered' }),
  evolve,
};

function evolve(state: Company, event: CompanyEvent): Company {
  if (event.type === 'deals.company-registered') {
    assertPossible(state.status === 'unregistered', 'a company is registered once');
    return { status: 'registered', ...event.data, classes: new Map(), entries: new Map() };
  }
  assertPossible(state.status === 'registered', `${event.type} before registration`);
  switch (event.type) {
    case 'deals.share-class-authorised': {
      const { classId, kind, authorised } = event.data;
      const none = {
        issued: sharesOf(0n),
        cancelled: sharesOf(0n),
        holdings: new Map<string, Shares>(),
      };
      return withClass(state, {
        ...none,
        ...state.classes.get(classId),
        classId,
        kind,
        authorised,
      });
    }
    case 'deals.shares-issued': {
      const { classId, holderPartyId, shares, issuanceId } = event.data;
      const shareClass = classOf(state, classId);
      const held = add(shareClass.holdings.get(holderPartyId) ?? sharesOf(0n), shares);
      const issued = add(shareClass.issued, shares);
      assertPossible(
        issued - shareClass.cancelled <= shareClass.authorised,
        'more shares than authorised',
      );
      const holdings = new Map(shareClass.holdings).set(holderPartyId, held);
      return withEntry(
        withClass(state, { ...shareClass, issued, holdings }),
        issuanceId,
        event.data,
      );
    }
    case 'deals.shares-cancelled': {
      const { classId, holderPartyId, shares, cancellationId } = event.data;
      const shareClass = classOf(state, classId);
      const left = subtract(shareClass.holdings.get(holderPartyId) ?? sharesOf(0n), shares);
      assertPossible(left >= 0n, 'more shares cancelled than held');
      const holdings = new Map(shareClass.holdings).set(holderPartyId, left);
      const cancelled = add(shareClass.cancelled, shares);
      return withEntry(
        withClass(state, { ...shareClass, cancelled, holdings }),
        cancellationId,
        event.data,
      );
    }
    default:
      return assertNever(event);
  }
}

export function entryText(entry: {
  readonly classId: string;
  readonly holderPartyId: string;
  readonly shares: Shares;
}): string {
  return `${entry.classId}/${entry.holderPartyId}/${entry.shares}`;
}

function classOf(state: RegisteredCompany, classId: string): ShareClass {
  const shareClass = state.classes.get(classId);
  assertPossible(shareClass !== undefined, 'shares of an unknown class');
  return shareClass;
}

function withClass(state: RegisteredCompany, shareClass: ShareClass): RegisteredCompany {
  return { ...state, classes: new Map(state.classes).set(shareClass.classId, shareClass) };
}

function withEntry(
  state: RegisteredCompany,
  entryId: string,
  entry: Parameters<typeof entryText>[0],
): RegisteredCompany {
  assertPossible(!state.entries.has(entryId), 'an issuance or cancellation is recorded once');
  return { ...state, entries: new Map(state.entries).set(entryId, entryText(entry)) };
}
