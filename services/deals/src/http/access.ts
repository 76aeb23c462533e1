import { Forbidden, hasRole, type CallerIdentity, type Role } from '@specie/nest-platform';

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
