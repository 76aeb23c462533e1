import type { KeyObject } from 'node:crypto';
import { serviceNames, type ServiceName } from '@specie/contracts';
import {
  kafkaSource,
  postgresSource,
  publicKeyFrom,
  rebuildAndVerify,
  type Attestation,
  type AuditReport,
  type LogSource,
} from '@specie/ledger-audit';
import { developmentLogPublicKey, type PlatformConfig } from '@specie/nest-platform';
import type { AuditConfig } from '../config.js';

export type KnownPositions = Partial<Record<ServiceName, number>>;

/** Rebuilds from the source that is configured, with the keys that are configured. */
export class Rebuilder {
  private readonly keys: Readonly<Record<ServiceName, readonly KeyObject[]>>;

  constructor(
    private readonly config: AuditConfig,
    private readonly platform: PlatformConfig,
  ) {
    if (platform.isProduction && config.AUDIT_PUBLIC_KEYS === undefined) {
      throw new Error(
        'AUDIT_PUBLIC_KEYS must be set in production: anybody can sign with the development keys',
      );
    }
    this.keys = Object.fromEntries(
      serviceNames.map((service) => [
        service,
        config.AUDIT_PUBLIC_KEYS?.[service]?.map(publicKeyFrom) ?? [
          developmentLogPublicKey(service),
        ],
      ]),
    ) as unknown as Record<ServiceName, readonly KeyObject[]>;
  }

  rebuild(
    attestations: readonly Attestation[],
    knownPositions: KnownPositions,
  ): Promise<AuditReport> {
    return rebuildAndVerify({
      source: this.source(knownPositions),
      keys: this.keys,
      attestations,
      knownPositions,
      inFlightMsMax: this.config.AUDIT_IN_FLIGHT_MAX_MS,
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
    const { brokers, topicPrefix } = transport;
    return kafkaSource({ brokers, topicPrefix, knownPositions });
  }
}
