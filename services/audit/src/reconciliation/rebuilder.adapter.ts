import { Inject, Injectable } from '@nestjs/common';
import { securityOf } from '@specie/event-bus';
import type { ServiceName } from '@specie/contracts';
import {
  kafkaSource,
  postgresSource,
  rebuildAndVerify,
  type Attestation,
  type AuditReport,
  type KnownHead,
  type LogSource,
} from '@specie/ledger-audit';
import { PLATFORM_CONFIG, SERVICE_CONFIG, type PlatformConfig } from '@specie/nest-platform';
import type { AuditConfig } from '../audit.config.js';

export type KnownPositions = Partial<Record<ServiceName, number>>;
export type KnownHeads = Partial<Record<ServiceName, readonly KnownHead[]>>;

/** Rebuilds from the source that is configured, with the platform's keys. */
@Injectable()
export class Rebuilder {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: AuditConfig,
    @Inject(PLATFORM_CONFIG) private readonly platform: PlatformConfig,
  ) {}

  rebuild(
    attestations: readonly Attestation[],
    knownPositions: KnownPositions,
    knownHeads: KnownHeads,
  ): Promise<AuditReport> {
    return rebuildAndVerify({
      source: this.source(knownPositions),
      keys: this.platform.logPublicKeys,
      attestations,
      knownPositions,
      inFlightMsMax: this.config.AUDIT_IN_FLIGHT_MAX_MS,
      knownHeads,
    });
  }

  private source(knownPositions: KnownPositions): LogSource {
    const { transport, peerDatabaseUrls, databaseUrl } = this.platform;
    const kind = this.config.AUDIT_SOURCE ?? transport.kind;
    if (kind === 'postgres') {
      return postgresSource({ ...peerDatabaseUrls, audit: databaseUrl });
    }
    if (transport.kind !== 'kafka') {
      throw new Error('AUDIT_SOURCE=kafka needs EVENT_TRANSPORT=kafka');
    }
    const { brokers, topicPrefix, security } = transport;
    return kafkaSource({ brokers, topicPrefix, knownPositions, security: securityOf(security) });
  }
}
