import type { RefusalText } from '@specie/nest-platform';
import type { RequestRejection } from './reconciliation.decider.js';

export const requestStatus = { requested_by_another: 409 } as const satisfies Record<
  RequestRejection,
  number
>;

/** What to do about each refusal. */
export const reconciliationRefusals = {
  requested_by_another: [
    'The id names a reconciliation that another auditor requested; choose a new id, or read that one.',
  ],
  reconciliation_unknown: ['There is no reconciliation with this id; GET /reports lists them.'],
} satisfies Record<RequestRejection | 'reconciliation_unknown', RefusalText>;
