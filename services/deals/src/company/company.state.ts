import type {
  CompanyRegistered,
  ShareClassAuthorised,
  SharesCancelled,
  SharesIssued,
  SharesReleased,
  SharesReserved,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  assertNever,
  assertPossible,
  type Aggregate,
  type StreamRef,
} from '@specie/event-sourcing';
import { add, shares as sharesOf, subtract, type Shares } from '@specie/quantities';

export type CompanyEvent =
  | CompanyRegistered
  | ShareClassAuthorised
  | SharesReserved
  | SharesReleased
  | SharesIssued
  | SharesCancelled;

export interface ShareClass {
  readonly classId: string;
  readonly kind: ShareClassAuthorised['data']['kind'];
  readonly authorised: Shares;
  readonly issued: Shares;
  readonly cancelled: Shares;
  /** Promised by signed deals and not issued yet. */
  readonly reserved: Shares;
  /** Shares by holder. */
  readonly holdings: ReadonlyMap<string, Shares>;
}

export interface RegisteredCompany {
  readonly status: 'registered';
  readonly companyId: string;
  readonly partyId: string;
  readonly directorPartyIds: readonly string[];
  readonly classes: ReadonlyMap<string, ShareClass>;
  /** What was issued and cancelled, as `class/holder/shares`, by `entryKey`: an id is used once for each cause. */
  readonly entries: ReadonlyMap<string, string>;
  /** What is reserved, by deal; a deal whose shares are all issued has no entry. */
  readonly reservations: ReadonlyMap<string, Reservation>;
}

export interface Reservation {
  readonly classId: string;
  readonly shares: Shares;
}

export type Company = { readonly status: 'unregistered' } | RegisteredCompany;

export const companyAggregate: Aggregate<Company, CompanyEvent> = {
  initialState: () => ({ status: 'unregistered' }),
  evolve,
};

export function companyStream(companyId: string): StreamRef<Company, CompanyEvent> {
  return { streamId: streamIds.company(companyId), aggregate: companyAggregate };
}

function evolve(state: Company, event: CompanyEvent): Company {
  if (event.type === 'deals.company-registered') {
    assertPossible(state.status === 'unregistered', 'a company is registered once');
    const nothing = { classes: new Map(), entries: new Map(), reservations: new Map() };
    return { status: 'registered', ...event.data, ...nothing };
  }
  assertPossible(state.status === 'registered', `${event.type} before registration`);
  switch (event.type) {
    case 'deals.share-class-authorised': {
      const { classId, kind, authorised } = event.data;
      const none = {
        issued: sharesOf(0n),
        cancelled: sharesOf(0n),
        reserved: sharesOf(0n),
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
    case 'deals.shares-reserved': {
      const { dealId, classId, shares } = event.data;
      assertPossible(!state.reservations.has(dealId), 'a deal reserves its shares once');
      return reserve(state, dealId, { classId, shares });
    }
    case 'deals.shares-released': {
      const { dealId, classId, shares } = event.data;
      assertPossible(state.reservations.get(dealId)?.shares === shares, 'all or nothing released');
      return reserve(state, dealId, { classId, shares: sharesOf(0n - shares) });
    }
    case 'deals.shares-issued': {
      const { classId, holderPartyId, shares, issuanceId, dealId } = event.data;
      // A deal that was signed before shares were reserved has none.
      const kept =
        dealId !== null && state.reservations.has(dealId)
          ? reserve(state, dealId, { classId, shares: sharesOf(0n - shares) })
          : state;
      const shareClass = classOf(kept, classId);
      const held = add(shareClass.holdings.get(holderPartyId) ?? sharesOf(0n), shares);
      const holdings = new Map(shareClass.holdings).set(holderPartyId, held);
      const issued = { ...shareClass, issued: add(shareClass.issued, shares), holdings };
      const key = entryKey(event.data.cause, issuanceId);
      return withEntry(withClass(kept, issued), key, event.data);
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
        entryKey('cancellation', cancellationId),
        event.data,
      );
    }
    default:
      return assertNever(event);
  }
}

/** Founders and holders choose ids; the shares of a tranche have a derived one, which no other cause may take. */
export function entryKey(
  cause: SharesIssued['data']['cause'] | 'cancellation',
  id: string,
): string {
  return `${cause} ${id}`;
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

/** Adds to what is reserved for a deal; takes from it when negative. */
function reserve(
  state: RegisteredCompany,
  dealId: string,
  { classId, shares }: Reservation,
): RegisteredCompany {
  const known = state.reservations.get(dealId) ?? { classId, shares: sharesOf(0n) };
  const left = add(known.shares, shares);
  assertPossible(known.classId === classId && left >= 0n, 'more shares than the deal reserved');
  const reservations = new Map(state.reservations);
  if (left > 0n) reservations.set(dealId, { classId, shares: left });
  else reservations.delete(dealId);
  const shareClass = classOf(state, classId);
  const reserved = add(shareClass.reserved, shares);
  return withClass({ ...state, reservations }, { ...shareClass, reserved });
}

function withClass(state: RegisteredCompany, shareClass: ShareClass): RegisteredCompany {
  const { issued, cancelled, reserved, authorised } = shareClass;
  assertPossible(issued - cancelled + reserved <= authorised, 'more shares than authorised');
  return { ...state, classes: new Map(state.classes).set(shareClass.classId, shareClass) };
}

function withEntry(
  state: RegisteredCompany,
  key: string,
  entry: Parameters<typeof entryText>[0],
): RegisteredCompany {
  assertPossible(!state.entries.has(key), 'an issuance or cancellation is recorded once');
  return { ...state, entries: new Map(state.entries).set(key, entryText(entry)) };
}
