import type { ReportPublished } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import type { ReconciliationEvent } from './reconciliation.state.js';
import { reconciliationTable } from './reconciliation.table.js';

interface Changes {
  readonly requested: {
    readonly requestId: string;
    readonly requestedBy: string;
    readonly requestedAt: string;
    readonly status: 'requested';
    readonly position: number;
    readonly streamVersion: number;
  }[];
  readonly published: (ReportPublished['data'] & {
    readonly status: 'published';
    readonly streamVersion: number;
  })[];
}

export const reconciliationProjection = defineProjection<ReconciliationEvent, Changes>({
  name: 'reconciliations',
  changes: () => ({ requested: [], published: [] }),
  events: {
    'audit.reconciliation-requested': ({ requested }, event) => {
      const { data, occurredAt: requestedAt, position, streamVersion } = event;
      requested.push({ ...data, requestedAt, status: 'requested', position, streamVersion });
    },
    'audit.report-published': ({ published }, { data, streamVersion }) => {
      published.push({ ...data, status: 'published', streamVersion });
    },
  },
  write: async (manager, { requested, published }) => {
    await reconciliationTable.insert(manager, requested);
    await reconciliationTable.set(manager, published);
  },
});
