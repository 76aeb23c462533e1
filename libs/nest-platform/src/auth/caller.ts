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

/** Who bears a role, for the documents. */
export const roleMeanings: Readonly<Record<Role, string>> = {
  'provider-admin': 'acts for a compute provider: capacity, series, mints, deals, deliveries.',
  founder: 'acts for a startup: its company, its deals, its tokens.',
  investor: 'acts for an investor: orders, trades, holdings.',
  'compliance-officer': 'registers, screens, approves and freezes parties.',
  'market-operator': 'runs the market: books, cash, the kill switch, parked events.',
  auditor: 'attests capacity and audits the ledger; reads everything but names.',
  'gpu-agent': 'reports metered GPU use for a provider.',
};

/** Who sent a request, as their verified token says. */
export interface CallerIdentity {
  readonly partyId: string;
  readonly roles: readonly Role[];
  readonly subject: string;
  /** When the token ends, in milliseconds since 1970; for what outlives a request. */
  readonly expiresAtMs?: number;
}

/** Whether the caller bears at least one of `wanted`. */
export function hasRole(caller: CallerIdentity, ...wanted: readonly Role[]): boolean {
  return wanted.some((role) => caller.roles.includes(role));
}
