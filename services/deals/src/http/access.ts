import type { EligibilityQuery } from '@specie/eligibility';
import { Forbidden, hasRole, type CallerIdentity, type Role } from '@specie/nest-platform';
import type { RejectionDetails } from '@specie/event-sourcing';
import type { SidesEligible } from '../domain/deal/index.js';

type RefusalDetails = Readonly<Record<string, RejectionDetails>>;

/** May look at every deal and cap table: they check the books. */
const overseers: readonly Role[] = ['auditor', 'compliance-officer'];

export function isOverseer(caller: CallerIdentity): boolean {
  return hasRole(caller, ...overseers);
}

/** @throws Forbidden unless the caller is one of `partyIds`. */
export function requireOneOf(
  caller: CallerIdentity,
  partyIds: readonly string[],
  code: string,
): void {
  if (!partyIds.includes(caller.partyId)) {
    throw new Forbidden(code);
  }
}

/** @throws Forbidden unless the caller is one of `partyIds` or oversees all. */
export function requireReader(
  caller: CallerIdentity,
  partyIds: readonly string[],
  code: string,
): void {
  if (!isOverseer(caller)) {
    requireOneOf(caller, partyIds, code);
  }
}

interface FoundEligible {
  readonly sides: SidesEligible;
  readonly refusalDetails: RefusalDetails;
}

/** Where a side is not known, nobody was asked about it, so nobody may. */
export const nobodyEligible: FoundEligible = {
  sides: { providerEligible: false, companyEligible: false },
  refusalDetails: {},
};

/** Whether both sides of a deal may make deals at `now`, and for the one that asks why not. */
export async function sidesEligible(
  eligibility: EligibilityQuery,
  sides: { readonly providerPartyId: string; readonly companyPartyId: string },
  { caller, now }: { readonly caller: CallerIdentity; readonly now: string },
): Promise<FoundEligible> {
  const { providerPartyId, companyPartyId } = sides;
  const provider = await eligibility.own(providerPartyId, 'deal', now);
  const company = await eligibility.own(companyPartyId, 'deal', now);
  return {
    sides: { providerEligible: provider.eligible, companyEligible: company.eligible },
    refusalDetails: {
      ...(caller.partyId === providerPartyId
        ? { provider_ineligible: provider.refusalDetails.party_ineligible ?? {} }
        : {}),
      ...(caller.partyId === companyPartyId
        ? { company_ineligible: company.refusalDetails.party_ineligible ?? {} }
        : {}),
    },
  };
}

/** Which field of a request asked for more shares than there are. */
export function aboutShares(path: string): RefusalDetails {
  return {
    authorised_below_outstanding: { path },
    authorised_below_reserved: { path },
    authorised_exceeded: { path },
  };
}

/** Every approved party may redeem, accredited or not: who may is known to compliance and not frozen. */
export const knownAndFree = 'redeem';
