import { asNumber } from '@specie/nest-platform';
import { eventCodec } from '@specie/contracts';
import { assertNever } from '@specie/event-sourcing';
import type { AuditReport } from '@specie/ledger-audit';
import type { Projection } from '@specie/nest-platform';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { ReconciliationEvent } from '../domain/reconciliation/reconciliation.decider.js';

export interface ReconciliationRow {
  requestId: string;
  requestedBy: string;
  requestedAt: Date;
  status: 'requested' | 'published';
  ok: boolean | null;
  eventCount: number | null;
  findingCount: number | null;
  reportHash: string | null;
  position: number;
  streamVersion: number;
}
export const ReconciliationEntity = new EntitySchema<ReconciliationRow>({
  name: 'Reconciliation',
  tableName: 'reconciliations',
  columns: {
    requestId: { name: 'request_id', type: 'uuid', primary: true },
    requestedBy: { name: 'requested_by', type: 'uuid' },
    requestedAt: { name: 'requested_at', type: 'timestamptz' },
    status: { type: 'text' },
    ok: { type: 'boolean', nullable: true },
    eventCount: { name: 'event_count', type: 'int', nullable: true },
    findingCount: { name: 'finding_count', type: 'int', nullable: true },
    reportHash: { name: 'report_hash', type: 'text', nullable: true },
    position: { type: 'bigint', transformer: asNumber },
    streamVersion: { name: 'stream_version', type: 'int' },
  },
});

/** What the services said about themselves. */
export interface AttestationRow {
  requestId: string;
  service: string;
  throughPosition: number;
  /** Where the attestation itself stands in the log of the service: it proves that the log reaches there. */
  recordedPosition: number;
  digest: string;
  collections: { name: string; rowCount: number; digest: string }[];
}
export const AttestationEntity = new EntitySchema<AttestationRow>({
  name: 'Attestation',
  tableName: 'attestations',
  columns: {
    requestId: { name: 'request_id', type: 'uuid', primary: true },
    service: { type: 'text', primary: true },
    throughPosition: { name: 'through_position', type: 'bigint', transformer: asNumber },
    recordedPosition: { name: 'recorded_position', type: 'bigint', transformer: asNumber },
    digest: { type: 'text' },
    collections: { type: 'jsonb' },
  },
});

/** The report as it was rebuilt, whose hash is published. */
export interface StoredReport extends AuditReport {
  /** Services that did not attest before the deadline. */
  readonly unattested: readonly string[];
  readonly milliseconds: number;
}
export interface ReportRow {
  requestId: string;
  report: StoredReport;
}
export const ReportEntity = new EntitySchema<ReportRow>({
  name: 'Report',
  tableName: 'reports',
  columns: {
    requestId: { name: 'request_id', type: 'uuid', primary: true },
    report: { type: 'jsonb' },
  },
});

/** Where a log stood when a rebuild found nothing wrong with it. */
export interface VerifiedHeadRow {
  service: string;
  position: number;
  /** Hexadecimal. */
  chainHash: string;
  requestId: string;
}
export const VerifiedHeadEntity = new EntitySchema<VerifiedHeadRow>({
  name: 'VerifiedHead',
  tableName: 'verified_heads',
  columns: {
    service: { type: 'text', primary: true },
    position: { type: 'bigint', primary: true, transformer: asNumber },
    chainHash: { name: 'chain_hash', type: 'text' },
    requestId: { name: 'request_id', type: 'uuid', primary: true },
  },
});

export const auditEntities = [
  ReconciliationEntity,
  AttestationEntity,
  ReportEntity,
  VerifiedHeadEntity,
];

export class CreateReadModels1732000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reconciliations (
        request_id uuid primary key,
        requested_by uuid not null,
        requested_at timestamptz not null,
        status text not null check (status in ('requested', 'published')),
        ok boolean,
        event_count int,
        finding_count int,
        report_hash text,
        position bigint not null,
        stream_version int not null
      );
      create index reconciliations_open on reconciliations (position) where status = 'requested';
      create index reconciliations_position on reconciliations (position);
      create table attestations (
        request_id uuid not null,
        service text not null,
        through_position bigint not null,
        recorded_position bigint not null,
        digest text not null,
        collections jsonb not null,
        primary key (request_id, service)
      );
      create table reports (
        request_id uuid primary key,
        report jsonb not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reports, attestations, reconciliations');
  }
}

/** The audit's own memory of every log, which no restore of a service takes back. */
export class KeepVerifiedHeads1764290000000 implements MigrationInterface {
  readonly name = 'KeepVerifiedHeads1764290000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table verified_heads (
        service text not null,
        position bigint not null,
        chain_hash text not null,
        request_id uuid not null,
        primary key (service, position, request_id)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table verified_heads');
  }
}

export const reconciliationsProjection: Projection = {
  name: 'reconciliations',
  apply: async (manager, events) => {
    for (const recorded of events) {
      const event = eventCodec.decode(recorded) as ReconciliationEvent;
      const { position, streamVersion } = recorded;
      switch (event.type) {
        case 'audit.reconciliation-requested':
          await manager.insert(ReconciliationEntity, {
            ...event.data,
            requestedAt: new Date(recorded.occurredAt),
            status: 'requested',
            position,
            streamVersion,
          });
          break;
        case 'audit.report-published': {
          const { requestId, ...result } = event.data;
          await manager.update(
            ReconciliationEntity,
            { requestId },
            { ...result, status: 'published', streamVersion },
          );
          break;
        }
        default:
          assertNever(event);
      }
    }
  },
};

/** A report used to be written before its event; one whose event never came stands in the way of the next. */
export class DropUnpublishedReports1732600000000 implements MigrationInterface {
  readonly name = 'DropUnpublishedReports1732600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `delete from reports where request_id in
         (select request_id from reconciliations where status = 'requested')`,
    );
  }

  async down(): Promise<void> {
    // What was dropped is computed again.
  }
}
