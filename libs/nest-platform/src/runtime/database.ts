import { setTimeout as delay } from 'node:timers/promises';
import {
  openEventStore,
  runMigrationsLocked,
  type PostgresEventStore,
} from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import type { PlatformConfig } from '../config.js';
import type { ServiceDefinition } from '../definition.js';
import { CreateEligibility1731000000000, EligibilityEntity } from '../eligibility/eligibility.js';
import { describeError, type Logger } from '../logging.js';
import { projectionsWithDiscards } from '../operations/discards.projection.js';
import { logSigningKey } from '../signing-key.js';

const connectDeadlineMs = 30_000;
const connectRetryMs = 250;

export interface ServiceDatabase {
  readonly dataSource: DataSource;
  readonly store: PostgresEventStore;
}

/** Connects, brings the tables up to date (one instance at a time) and opens the log. */
export async function openDatabase(
  definition: ServiceDefinition,
  config: PlatformConfig,
  logger: Logger,
): Promise<ServiceDatabase> {
  const eligibility = definition.usesEligibility === true;
  const dataSource = new DataSource({
    type: 'postgres',
    url: config.databaseUrl,
    entities: [...definition.entities, ...(eligibility ? [EligibilityEntity] : [])],
    migrations: [
      ...(eligibility ? [CreateEligibility1731000000000] : []),
      ...definition.migrations,
    ],
    migrationsTableName: 'service_migrations',
    synchronize: false,
    logging: false,
    poolSize: config.databasePoolMax,
    applicationName: config.instanceId,
    connectTimeoutMS: 5_000,
  });
  await connect(dataSource, logger);
  try {
    const store = await openEventStore({
      dataSource,
      logName: definition.name,
      signingKey: logSigningKey(definition.name, config.logSigningSeed),
      projections: projectionsWithDiscards(definition, dataSource),
      singleWriter: definition.singleWriter ?? false,
    });
    await runMigrationsLocked(dataSource);
    return { dataSource, store };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Services start together with their database, so for a while it may not answer yet. */
async function connect(dataSource: DataSource, logger: Logger): Promise<void> {
  const deadline = Date.now() + connectDeadlineMs;
  for (;;) {
    try {
      await dataSource.initialize();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      logger.warn(describeError(error), 'the database does not answer yet');
      await delay(connectRetryMs);
    }
  }
}
