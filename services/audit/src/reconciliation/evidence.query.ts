import { Inject, Injectable } from '@nestjs/common';
import { eventDefinitions, serviceNames, type ServiceName } from '@specie/contracts';
import type { Attestation } from '@specie/ledger-audit';
import { SERVICE_CONFIG } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { AuditConfig } from '../audit.config.js';
import type { KnownHeads, KnownPositions } from './rebuilder.adapter.js';
import {
  attestationTable,
  reconciliationTable,
  verifiedHeadTable,
  type ReconciliationRow,
} from './reconciliation.table.js';

/** The services that answer a reconciliation: all that publish what they hold, besides the audit itself. */
export const attestingServices = serviceNames.filter(
  (service) => service !== 'audit' && eventDefinitions.has(`${service}.state-attested`),
);

const openCountMax = 100;

/** What a rebuild is compared with. */
export interface Evidence {
  readonly attestations: readonly Attestation[];
  /** Services that have not attested. */
  readonly unattested: readonly ServiceName[];
  /** How far each log is known to reach. */
  readonly knownPositions: KnownPositions;
  /** Where earlier rebuilds found each log to stand. */
  readonly knownHeads: KnownHeads;
}

@Injectable()
export class EvidenceQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(SERVICE_CONFIG) private readonly config: AuditConfig,
  ) {}

  /** Whether any reconciliation waits for its report. */
  isAwaited(): Promise<boolean> {
    return this.reconciliations.existsBy({ status: 'requested' });
  }

  /** The reconciliations that wait for their report, oldest first. */
  open(): Promise<readonly ReconciliationRow[]> {
    return this.reconciliations.find({
      where: { status: 'requested' },
      order: { position: 'ASC' },
      take: openCountMax,
    });
  }

  /** Whether every service has attested, or the deadline is over. */
  async isComplete({ requestId, requestedAt }: ReconciliationRow, now: string): Promise<boolean> {
    const waitedMs = Date.parse(now) - requestedAt.getTime();
    if (waitedMs >= this.config.AUDIT_ATTESTATION_DEADLINE_MS) return true;
    const attested = await this.dataSource.getRepository(attestationTable.entity).findBy({
      requestId,
    });
    return attestingServices.every((name) => attested.some(({ service }) => service === name));
  }

  reconciliation(requestId: string): Promise<ReconciliationRow> {
    return this.reconciliations.findOneByOrFail({ requestId });
  }

  async of(requestId: string): Promise<Evidence> {
    const { position } = await this.reconciliation(requestId);
    const attestations = await this.dataSource
      .getRepository(attestationTable.entity)
      .findBy({ requestId });
    const heads = await this.dataSource
      .getRepository(verifiedHeadTable.entity)
      .find({ order: { position: 'ASC' } });
    return {
      attestations,
      unattested: attestingServices.filter(
        (name) => !attestations.some(({ service }) => service === name),
      ),
      knownPositions: {
        ...Object.fromEntries(attestations.map((row) => [row.service, row.recordedPosition])),
        audit: position,
      },
      knownHeads: Object.fromEntries(
        serviceNames.map((name) => [name, heads.filter(({ service }) => service === name)]),
      ),
    };
  }

  private get reconciliations() {
    return this.dataSource.getRepository(reconciliationTable.entity);
  }
}
