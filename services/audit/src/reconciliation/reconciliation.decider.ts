/**
 * A reconciliation: an auditor asks for it, and the report of a rebuild answers it.
 *
 * I1: A reconciliation has one report, and no report comes without a request.
 * I2: A published report never changes; a repeat with the same content is quiet.
 */
import type { ReportPublished } from '@specie/contracts';
import {
  accept,
  assertNever,
  reject,
  type CommandMetadata,
  type Decision,
} from '@specie/event-sourcing';
import type { Reconciliation, ReconciliationEvent } from './reconciliation.state.js';

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
