import type { KeyObject } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import {
  KafkaEventBus,
  KafkaRelay,
  PostgresEventBus,
  type BusLogger,
  type BusMetrics,
  type EventBus,
} from '@specie/event-bus';
import type { DataSource } from 'typeorm';
import type { PlatformConfig } from '../settings/config.js';
import type { Logger } from '../logging.js';
import type { Metrics } from '../metrics.js';
import { logSigningKey } from '../settings/signing-key.js';

/** How events get in and out of a service. */
export interface Transport {
  readonly bus: EventBus;
  /** Publishes the log; null where consumers read it themselves. */
  readonly relay: KafkaRelay | null;
}

/** The transport that the settings name. */
export function createTransport(options: {
  readonly service: ServiceName;
  readonly config: PlatformConfig;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Transport {
  const { service, config, dataSource, metrics } = options;
  const { transport, databaseUrl } = config;
  const logger = busLogger(options.logger);
  const keys = (source: ServiceName): readonly KeyObject[] => config.logPublicKeys[source];
  const shared = { dataSource, logger, keys, metrics: busMetrics(metrics) };
  if (transport.kind === 'postgres') {
    const peerDatabaseUrls = { ...transport.peerDatabaseUrls, [service]: databaseUrl };
    return { bus: new PostgresEventBus({ ...shared, databaseUrl, peerDatabaseUrls }), relay: null };
  }
  const { kind: _kind, ...kafka } = transport;
  return {
    bus: new KafkaEventBus({ ...shared, ...kafka }),
    relay: new KafkaRelay({
      service,
      databaseUrl,
      logger,
      signingKey: logSigningKey(service, config.logSigningSeed),
      keys: keys(service),
      ...kafka,
    }),
  };
}

function busLogger(logger: Logger): BusLogger {
  return {
    info: (message, fields) => logger.info({ ...fields }, message),
    warn: (message, fields) => logger.warn({ ...fields }, message),
    error: (message, fields) => logger.error({ ...fields }, message),
  };
}

function busMetrics(metrics: Metrics): BusMetrics {
  return {
    processed: (source, type, lagMs) => {
      metrics.consumed.inc({ source, type });
      metrics.consumerSeconds.observe({ source }, Math.max(0, lagMs) / 1_000);
    },
    retried: (source, type) => metrics.retried.inc({ source, type }),
    repeated: (source, partition, count) =>
      metrics.repeated.inc({ source, partition: String(partition) }, count),
    halted: (source, partition, isHalted) =>
      metrics.haltedPartitions.set({ source, partition: String(partition) }, isHalted ? 1 : 0),
    backlog: (source, partition, count) =>
      metrics.consumerLag.set({ source, partition: String(partition) }, count),
  };
}
