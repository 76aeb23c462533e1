import { Forbidden, hasRole, type CallerIdentity, type Role } from '@specie/nest-platform';

/** May look at every party: they check the books, or run what the tokens are used for. */
const overseers: readonly Role[] = ['auditor', 'compliance-officer', 'market-operator'];

export function isOverseer(caller: CallerIdentity): boolean {
  return hasRole(caller, ...overseers);
}

/** @throws Forbidden unless the caller acts for `partyId`. */
export function requireParty(caller: CallerIdentity, partyId: string, code: string): void {
  if (caller.partyId !== partyId) {
    throw new Forbidden(code);
  }
}

/** Whether what belongs to `partyId` is there at all for the caller. */
export function maySee(caller: CallerIdentity, partyId: string): boolean {
  return caller.partyId === partyId || isOverseer(caller);
}
