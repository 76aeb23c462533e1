import type { RequestRejection } from '../domain/reconciliation/reconciliation.decider.js';

export const requestStatus = { requested_by_another: 409 } satisfies Record<
  RequestRejection,
  number
>;
