import type { RefusalText } from '@specie/nest-platform';
import type { RequestRejection } from '../domain/reconciliation/reconciliation.decider.js';

/** What to do about each refusal. */
export const auditRefusals = {
  requested_by_another: [
    'The id names a reconciliation that another auditor requested; choose a new id, or read that one.',
  ],
  reconciliation_unknown: [
    'There is no reconciliation with this id; GET /reconciliations lists them.',
  ],
} satisfies Record<RequestRejection | 'reconciliation_unknown', RefusalText>;
