import { boolean, defineTable, instant, int64, texts, uuid } from '@specie/postgres-event-store';
import type { EligibleAction } from './eligibility.js';

/** The local copy of what compliance allows a party. */
export const eligibilityTable = defineTable({
  name: 'eligibility',
  columns: {
    partyId: uuid(),
    actions: texts<EligibleAction>(),
    accredited: boolean(),
    validUntil: instant(),
    frozen: boolean().default(false),
  },
  primaryKey: ['partyId'],
});

/** One row: its version grows with every change of the local copy, in the order in which the changes commit. */
export const eligibilityVersionTable = defineTable({
  name: 'eligibility_version',
  columns: { isOnly: boolean().default(true), version: int64() },
  primaryKey: ['isOnly'],
  checks: { eligibility_version_is_only_check: 'is_only' },
});
