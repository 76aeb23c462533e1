import { Forbidden } from './problem.js';
import { hasRole, type CallerIdentity, type Role } from '../auth/caller.js';

/**
 * Who sees what belongs to a party: the party itself, and everything to the roles that oversee it. What a caller may
 * not see does not exist for it, so a thing is then answered as unknown; a listing that asks for another party's things
 * is refused.
 */
export class Readers {
  private readonly overseers: readonly Role[];

  constructor(overseers: readonly Role[]) {
    this.overseers = overseers;
  }

  seeAll(caller: CallerIdentity): boolean {
    return hasRole(caller, ...this.overseers);
  }

  /** Whether a thing of these parties is there for the caller; null stands for a party that is not known. */
  see(caller: CallerIdentity, ...ownerPartyIds: readonly (string | null)[]): boolean {
    return ownerPartyIds.includes(caller.partyId) || this.seeAll(caller);
  }

  /**
   * Whose things a listing shows: those of the party that is asked for, or else the caller's; undefined is everybody's.
   *
   * @throws Forbidden `code` if they are another party's and the caller does not oversee
   */
  scope(
    caller: CallerIdentity,
    askedPartyId: string | undefined,
    code: string,
  ): string | undefined {
    if (this.seeAll(caller)) {
      return askedPartyId;
    }
    return requireParty(caller, askedPartyId ?? caller.partyId, code);
  }
}

/** @throws Forbidden `code` unless the caller acts for `partyId` */
export function requireParty(
  caller: Pick<CallerIdentity, 'partyId'>,
  partyId: string,
  code: string,
): string {
  if (caller.partyId !== partyId) {
    throw new Forbidden(code);
  }
  return partyId;
}
