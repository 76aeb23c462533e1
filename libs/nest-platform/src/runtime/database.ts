import { setTimeout as delay } from 'node:timers/promises';
import { eventCodec, eventDefinitions, serviceOf } from '@specie/contracts';
import {
  assertEveryEventProjected,
  eventStoreHistory,
  eventStoreMigrations,
  grantRights,
  migrateEventStore,
  openEventStore,
  ownsLog,
  runMigrationsLocked,
  type PostgresEventStore,
  type Projection,
} from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import type { MigrationConfig, PlatformConfig } from '../settings/config.js';
import type { ServiceDefinition } from '../definition.js';
import { describeError, type Logger } from '../logging.js';
import { mergeSubjects } from '../merged-subjects.js';
import { discardsProjection } from '../operations/discards.projection.js';
import { logSigningKey } from '../settings/signing-key.js';

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
  if (config.migration !== null) {
    await migrateDatabase(definition, config.migration, logger);
  }
  const dataSource = dataSourceOf(definition, {
    url: config.databaseUrl,
    poolSize: config.databasePoolMax,
    applicationName: config.instanceId,
  });
  await connect(dataSource, logger);
  try {
    if (config.isProduction) {
      await requireModestRole(dataSource);
    }
    const store = await openEventStore({
      dataSource,
      migrate: !config.isProduction,
      logName: definition.name,
      signingKey: logSigningKey(definition.name, config.logSigningSeed),
      projections: projectionsOf(definition, dataSource),
      codec: eventCodec,
      singleWriter: definition.singleWriter ?? false,
    });
    if (!config.isProduction) {
      await runMigrationsLocked(dataSource);
    }
    return { dataSource, store };
  } catch (error) {
    await dataSource.destroy();
    throw isUnmigrated(error) ? new Error(migrateFirst, { cause: error }) : error;
  }
}

/**
 * The service's projections and the platform's own.
 *
 * @throws if the service has projections, and an event of its log is in none of them.
 */
function projectionsOf(
  { name, subjects }: ServiceDefinition,
  dataSource: DataSource,
): readonly Projection[] {
  const ofService = mergeSubjects(subjects).projections;
  const projections = [...ofService, discardsProjection(name, dataSource)];
  if (ofService.length > 0) {
    const types = [...eventDefinitions.keys()].filter((type) => serviceOf(type) === name);
    // An attestation changes no read model.
    const projected = types.filter((type) => type !== `${name}.state-attested`);
    assertEveryEventProjected(projections, projected);
  }
  return projections;
}

/** Brings the tables up to date as their owner and gives each role its rights. */
export async function migrateDatabase(
  definition: ServiceDefinition,
  { databaseUrl, roles }: MigrationConfig,
  logger: Logger,
): Promise<void> {
  const dataSource = dataSourceOf(definition, {
    url: databaseUrl,
    poolSize: 4,
    applicationName: `${definition.name} migrations`,
  });
  await connect(dataSource, logger);
  try {
    await migrateEventStore(dataSource);
    await runMigrationsLocked(dataSource, () =>
      grantRights(dataSource, roles, [eventStoreHistory, serviceHistory]),
    );
  } finally {
    await dataSource.destroy();
  }
}

/** The table of the service's own migrations. */
const serviceHistory = 'service_migrations';

function dataSourceOf(
  definition: ServiceDefinition,
  connection: {
    readonly url: string;
    readonly poolSize: number;
    readonly applicationName: string;
  },
): DataSource {
  const { tables, migrations } = mergeSubjects(definition.subjects);
  return new DataSource({
    type: 'postgres',
    ...connection,
    entities: tables.map(({ entity }) => entity),
    migrations: [...migrations],
    migrationsTableName: serviceHistory,
    synchronize: false,
    logging: false,
    connectTimeoutMS: 5_000,
  });
}

const migrateFirst =
  'the tables are not up to date, or the role of DATABASE_URL has no right to them: run the command "migrate" first';

/** Production works on tables that somebody else migrated, as a role that cannot change what is append-only. */
async function requireModestRole(dataSource: DataSource): Promise<void> {
  const rows = await dataSource
    .query<{ readonly name: string }[]>(
      `select name from ${eventStoreHistory} union all select name from ${serviceHistory}`,
    )
    .catch((error: unknown) => {
      throw isUnmigrated(error) ? new Error(migrateFirst, { cause: error }) : error;
    });
  const done = new Set(rows.map(({ name }) => name));
  const wanted = [
    ...eventStoreMigrations().map(({ name }) => name),
    ...dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name),
  ];
  if (!wanted.every((name) => done.has(name))) {
    throw new Error(migrateFirst);
  }
  if (await ownsLog(dataSource)) {
    throw new Error(
      'the role of DATABASE_URL owns the log or is a superuser, so it could change what is append-only: ' +
        'work as one that got its rights from the command "migrate"',
    );
  }
}

/** No such table, or no right to it. */
function isUnmigrated(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === '42501' || code === '42P01';
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
