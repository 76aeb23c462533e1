import { boolean, defineTable, instant, texts, uuid } from '@specie/postgres-event-store';
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
