import {
  Forbidden,
  hasRole,
  type CallerIdentity,
  type EligibilityQuery,
  type Role,
} from '@specie/nest-platform';
import type { SidesEligible } from '../domain/deal/index.js';

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

/** Whether both sides of a deal may make deals at `now`. */
export async function sidesEligible(
  eligibility: EligibilityQuery,
  sides: { readonly providerPartyId: string; readonly companyPartyId: string },
  now: string,
): Promise<SidesEligible> {
  return {
    providerEligible: await eligibility.may(sides.providerPartyId, 'deal', now),
    companyEligible: await eligibility.may(sides.companyPartyId, 'deal', now),
  };
}

/** Every approved party may redeem, accredited or not: who may is known to compliance and not frozen. */
export function isKnownAndFree(
  eligibility: EligibilityQuery,
  partyId: string,
  now: string,
): Promise<boolean> {
  return eligibility.may(partyId, 'redeem', now);
}
