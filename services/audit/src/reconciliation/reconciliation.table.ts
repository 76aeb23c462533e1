import type { ServiceName } from '@specie/contracts';
import type { AuditReport } from '@specie/ledger-audit';
import {
  boolean,
  defineTable,
  instant,
  int32,
  int64,
  json,
  oneOf,
  text,
  uuid,
  type RowOf,
} from '@specie/postgres-event-store';

export const reconciliationTable = defineTable({
  name: 'reconciliations',
  columns: {
    requestId: uuid(),
    requestedBy: uuid(),
    requestedAt: instant(),
    status: oneOf('requested', 'published'),
    ok: boolean().nullable(),
    eventCount: int32().nullable(),
    findingCount: int32().nullable(),
    reportHash: text().nullable(),
    position: int64(),
    streamVersion: int32(),
  },
  primaryKey: ['requestId'],
  indexes: {
    reconciliations_open: "(position) where status = 'requested'",
    reconciliations_position: '(position)',
  },
});
export type ReconciliationRow = RowOf<typeof reconciliationTable>;

/** What the services said about themselves. */
export const attestationTable = defineTable({
  name: 'attestations',
  columns: {
    requestId: uuid(),
    service: text<ServiceName>(),
    throughPosition: int64(),
    /** Where the attestation itself stands in the log of the service: it proves that the log reaches there. */
    recordedPosition: int64(),
    digest: text(),
    collections: json<{ name: string; rowCount: number; digest: string }[]>(),
  },
  primaryKey: ['requestId', 'service'],
});

/** The report as it was rebuilt, whose hash is published. */
export interface StoredReport extends AuditReport {
  /** Services that did not attest before the deadline. */
  readonly unattested: readonly string[];
  readonly milliseconds: number;
}
export const reportTable = defineTable({
  name: 'reports',
  columns: { requestId: uuid(), report: json<StoredReport>() },
  primaryKey: ['requestId'],
});

/** Where a log stood when a rebuild found nothing wrong with it. */
export const verifiedHeadTable = defineTable({
  name: 'verified_heads',
  columns: {
    service: text<ServiceName>(),
    position: int64(),
    /** Hexadecimal. */
    chainHash: text(),
    requestId: uuid(),
  },
  primaryKey: ['service', 'position', 'requestId'],
});
