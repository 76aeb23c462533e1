import type { ReconciliationRequested, ReportPublished } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  assertNever,
  assertPossible,
  type Aggregate,
  type StreamRef,
} from '@specie/event-sourcing';

export type ReconciliationEvent = ReconciliationRequested | ReportPublished;

export type Reconciliation =
  | { readonly status: 'unknown' }
  | { readonly status: 'requested'; readonly requestedBy: string }
  | { readonly status: 'published'; readonly requestedBy: string; readonly reportHash: string };

export const reconciliationAggregate: Aggregate<Reconciliation, ReconciliationEvent> = {
  initialState: () => ({ status: 'unknown' }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'audit.reconciliation-requested':
        assertPossible(state.status === 'unknown', 'a reconciliation is requested twice');
        return { status: 'requested', requestedBy: event.data.requestedBy };
      case 'audit.report-published':
        assertPossible(state.status === 'requested', 'a report without an open request');
        return {
          status: 'published',
          requestedBy: state.requestedBy,
          reportHash: event.data.reportHash,
        };
      default:
        return assertNever(event);
    }
  },
};

export function reconciliationStream(
  requestId: string,
): StreamRef<Reconciliation, ReconciliationEvent> {
  return { streamId: streamIds.reconciliation(requestId), aggregate: reconciliationAggregate };
}
