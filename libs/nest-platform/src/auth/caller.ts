import { z } from 'zod';

/** What a token lets its bearer do; always on behalf of the party named in the token. */
export const roles = [
  'provider-admin',
  'founder',
  'investor',
  'compliance-officer',
  'market-operator',
  'auditor',
  'gpu-agent',
] as const;
export type Role = (typeof roles)[number];
export const roleSchema = z.enum(roles);

/** Who sent a request, as their verified token says. */
export interface CallerIdentity {
  readonly partyId: string;
  readonly roles: readonly Role[];
  readonly subject: string;
}

/** Whether the caller bears at least one of `wanted`. */
export function hasRole(caller: CallerIdentity, ...wanted: readonly Role[]): boolean {
  return wanted.some((role) => caller.roles.includes(role));
}
