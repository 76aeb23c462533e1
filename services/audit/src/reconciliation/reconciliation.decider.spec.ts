import { describe, expect, it } from 'vitest';
import {
  publishRejections,
  publishReport,
  requestReconciliation,
  requestRejections,
  type PublishRejection,
  type RequestRejection,
} from './reconciliation.decider.js';
import {
  reconciliationAggregate,
  type Reconciliation,
  type ReconciliationEvent,
} from './reconciliation.state.js';

const requestId = '0192d1a0-0000-7000-8000-000000000001';
const auditor = '0192d1a0-0000-7000-8000-000000000002';
const other = '0192d1a0-0000-7000-8000-000000000003';
const report = { requestId, ok: true, eventCount: 3, findingCount: 0, reportHash: 'a'.repeat(64) };
const requested: ReconciliationEvent = {
  type: 'audit.reconciliation-requested',
  data: { requestId, requestedBy: auditor },
};
const published: ReconciliationEvent = { type: 'audit.report-published', data: report };

describe('Reconciliation', () => {
  it('is requested once', () => {
    expect(request([])).toEqual({ outcome: 'accepted', events: [requested] });
    expect(request([requested])).toEqual({ outcome: 'accepted', events: [] });
    expect(request([requested, published])).toEqual({ outcome: 'accepted', events: [] });
  });

  it('is answered by one report (I1, I2)', () => {
    expect(publish([requested])).toEqual({ outcome: 'accepted', events: [published] });
    expect(publish([requested, published])).toEqual({ outcome: 'accepted', events: [] });
  });

  const requestCases: Record<RequestRejection, () => unknown> = {
    requested_by_another: () => request([requested], other),
  };
  it.each(requestRejections)('refuses a request with %s', (code) => {
    expect(requestCases[code]()).toEqual({ outcome: 'rejected', violations: [{ code }] });
  });

  const publishCases: Record<PublishRejection, () => unknown> = {
    reconciliation_unknown: () => publish([]),
    published_differently: () => publish([requested, published], 'b'.repeat(64)),
  };
  it.each(publishRejections)('refuses a report with %s', (code) => {
    expect(publishCases[code]()).toEqual({ outcome: 'rejected', violations: [{ code }] });
  });

  it('refuses an impossible history', () => {
    expect(() => fold([published])).toThrow('impossible history');
    expect(() => fold([requested, requested])).toThrow('impossible history');
  });
});

function fold(events: readonly ReconciliationEvent[]): Reconciliation {
  return events.reduce(reconciliationAggregate.evolve, reconciliationAggregate.initialState());
}

function request(given: readonly ReconciliationEvent[], actor = auditor): unknown {
  const metadata = { now: '2026-03-01T00:00:00.000Z', actor };
  return requestReconciliation({ data: { requestId }, metadata }, fold(given));
}

function publish(given: readonly ReconciliationEvent[], reportHash = report.reportHash): unknown {
  return publishReport({ data: { ...report, reportHash } }, fold(given));
}
