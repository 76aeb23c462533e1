import type { ReconciliationRequested, ReportPublished } from '@specie/contracts';
import {
  accept,
  assertNever,
  assertPossible,
  reject,
  type Aggregate,
  type CommandMetadata,
  type Decision,
} from '@specie/event-sourcing';

// I1: a reconciliation has one report, and no report comes without a request.
// I2: a published report never changes; a repeat with the same content is quiet.

export type ReconciliationEvent = ReconciliationRequested | ReportPublished;

export type Reconciliation =
  | { readonly status: 'unknown' }
  | { readonly status: 'requested'; readonly requestedBy: string }
  | { readonly status: 'published'; readonly requestedBy: string; readonly reportHash: string };

export interface RequestReconciliation {
  readonly data: { readonly requestId: string };
  readonly metadata: CommandMetadata;
}

export interface PublishReport {
  readonly data: ReportPublished['data'];
}

export const requestRejections = ['requested_by_another'] as const;
export type RequestRejection = (typeof requestRejections)[number];

export const publishRejections = ['reconciliation_unknown', 'published_differently'] as const;
export type PublishRejection = (typeof publishRejections)[number];

export function requestReconciliation(
  { data, metadata }: RequestReconciliation,
  state: Reconciliation,
): Decision<ReconciliationEvent, RequestRejection> {
  if (state.status !== 'unknown') {
    return state.requestedBy === metadata.actor ? accept() : reject('requested_by_another');
  }
  return accept({
    type: 'audit.reconciliation-requested',
    data: { requestId: data.requestId, requestedBy: metadata.actor },
  });
}

export function publishReport(
  { data }: PublishReport,
  state: Reconciliation,
): Decision<ReconciliationEvent, PublishRejection> {
  switch (state.status) {
    case 'unknown':
      return reject('reconciliation_unknown');
    case 'published':
      return state.reportHash === data.reportHash ? accept() : reject('published_differently');
    case 'requested':
      return accept({ type: 'audit.report-published', data });
    default:
      return assertNever(state);
  }
}

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
