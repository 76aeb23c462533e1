import { randomUUID } from 'node:crypto';
import type { Actor, Role } from '../api-client.js';

/** Everybody in the story. Ids are new in every run, so the story can be played again on a kept platform. */
export interface Cast {
  readonly provider: Actor;
  readonly startup: Actor;
  readonly director: Actor;
  readonly investors: readonly [Actor, Actor];
  readonly registrar: Actor;
  readonly approver: Actor;
  readonly capacityAuditor: Actor;
  readonly marketOperator: Actor;
  readonly auditor: Actor;
  readonly meter: Actor;
  /** The startup is the first tenant. */
  readonly tenants: readonly { readonly tenant: string; readonly actor: Actor }[];
}

const actor = (name: string, ...roles: readonly Role[]): Actor => ({
  name,
  partyId: randomUUID(),
  roles,
});

/** Casts the story for the tenants of a job trace; the tenant that uses most is the startup of the deal. */
export function castFor(tenantsByUse: readonly string[]): Cast {
  const startup = actor(tenantsByUse[0] ?? 'startup', 'founder');
  const provider = actor('Northwind Compute', 'provider-admin');
  return {
    provider,
    startup,
    director: actor('director of the startup', 'founder'),
    investors: [actor('Meridian Fund', 'investor'), actor('Anna Berg', 'investor')],
    registrar: actor('compliance officer 1', 'compliance-officer'),
    approver: actor('compliance officer 2', 'compliance-officer'),
    capacityAuditor: actor('capacity auditor', 'auditor'),
    marketOperator: actor('market operator', 'market-operator'),
    auditor: actor('auditor', 'auditor'),
    // Only an agent that acts for the provider of a series may report what was used of it.
    meter: { ...provider, name: 'GPU agent', roles: ['gpu-agent', 'provider-admin'] },
    tenants: tenantsByUse.map((tenant, index) => ({
      tenant,
      actor: index === 0 ? startup : actor(tenant, 'founder'),
    })),
  };
}
