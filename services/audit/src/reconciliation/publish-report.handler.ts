import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { serviceNames, streamIds, type ServiceName } from '@specie/contracts';
import {
  canonicalJson,
  CommandHandler,
  type JsonValue,
  type SideRows,
} from '@specie/event-sourcing';
import type { Attestation } from '@specie/ledger-audit';
import {
  Clock,
  derivedId,
  LOGGER,
  requireSettled,
  SERVICE_CONFIG,
  type Logger,
} from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import { Rebuilder, type KnownHeads, type KnownPositions } from '../adapters/rebuilder.js';
import type { AuditConfig } from '../config.js';
import {
  publishReport,
  reconciliationAggregate,
} from '../domain/reconciliation/reconciliation.decider.js';
import { attestingServices } from '../messaging/attestations.consumer.js';
import {
  AttestationEntity,
  ReconciliationEntity,
  VerifiedHeadEntity,
  type ReconciliationRow,
  type StoredReport,
} from '../projections/tables.js';

/**
 * Waits until every service has attested or the deadline is over, then rebuilds and publishes. Runs as a
 * sweep, so it goes on after a crash, and one instance rebuilds at a time.
 */
@Injectable()
export class ReconciliationProcess {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(Rebuilder) private readonly rebuilder: Rebuilder,
    @Inject(SERVICE_CONFIG) private readonly config: AuditConfig,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  isDue(): Promise<boolean> {
    return this.dataSource.getRepository(ReconciliationEntity).existsBy({ status: 'requested' });
  }

  async runDue(): Promise<void> {
    for (const reconciliation of await this.openReconciliations()) {
      await this.advance(reconciliation);
    }
  }

  private openReconciliations(): Promise<ReconciliationRow[]> {
    return this.dataSource
      .getRepository(ReconciliationEntity)
      .find({ where: { status: 'requested' }, order: { position: 'ASC' }, take: 100 });
  }

  private async advance({ requestId, requestedAt, position }: ReconciliationRow): Promise<void> {
    const rows = await this.dataSource.getRepository(AttestationEntity).findBy({ requestId });
    const unattested = attestingServices.filter(
      (service) => !rows.some((row) => row.service === service),
    );
    const waitedMs = Date.parse(this.clock.now()) - requestedAt.getTime();
    if (unattested.length > 0 && waitedMs < this.config.AUDIT_ATTESTATION_DEADLINE_MS) {
      return;
    }
    const attestations = rows.map((row): Attestation => ({
      ...row,
      service: row.service as ServiceName,
    }));
    const knownPositions: KnownPositions = {
      ...Object.fromEntries(rows.map((row) => [row.service, row.recordedPosition])),
      audit: position,
    };
    const startedAt = performance.now();
    const rebuilt = await this.rebuilder.rebuild(
      attestations,
      knownPositions,
      await this.knownHeads(),
    );
    const report: StoredReport = {
      ...rebuilt,
      ok: rebuilt.ok && unattested.length === 0,
      unattested,
      milliseconds: Math.round(performance.now() - startedAt),
    };
    await this.publish(requestId, report);
    this.logger.info(
      {
        requestId,
        ok: report.ok,
        eventCount: report.eventCount,
        findingCount: report.findings.length,
      },
      'reconciliation done',
    );
  }

  private async knownHeads(): Promise<KnownHeads> {
    const rows = await this.dataSource
      .getRepository(VerifiedHeadEntity)
      .find({ order: { position: 'ASC' } });
    return Object.fromEntries(
      serviceNames.map((service) => [service, rows.filter((row) => row.service === service)]),
    );
  }

  /** The report commits with the event that has its hash: neither is ever there without the other. */
  private async publish(requestId: string, report: StoredReport): Promise<void> {
    const reportHash = createHash('sha256')
      .update(canonicalJson(report as unknown as JsonValue))
      .digest('hex');
    const { ok, eventCount } = report;
    const commandId = derivedId('report', requestId);
    requireSettled(
      await this.commands.handle({
        streamId: streamIds.reconciliation(requestId),
        aggregate: reconciliationAggregate,
        decide: (state) => {
          const data = {
            requestId,
            ok,
            eventCount,
            findingCount: report.findings.length,
            reportHash,
          };
          return publishReport({ data }, state);
        },
        context: {
          commandId,
          now: this.clock.now(),
          actor: 'service:audit',
          correlationId: requestId,
          causationId: requestId,
        },
        sideRows: [
          {
            table: 'reports',
            rows: [{ request_id: requestId, report: report as unknown as JsonValue }],
          },
          { table: 'verified_heads', rows: verifiedHeads(requestId, report) },
        ],
      }),
    );
  }
}

/** Where each log without a finding was found to stand: a later rebuild must find that again. */
function verifiedHeads(requestId: string, { services, findings }: StoredReport): SideRows['rows'] {
  return services
    .filter(({ service, position }) => {
      return position > 0 && !findings.some((finding) => finding.service === service);
    })
    .map(({ service, position, chainHash }) => ({
      service,
      position,
      chain_hash: chainHash,
      request_id: requestId,
    }));
}
