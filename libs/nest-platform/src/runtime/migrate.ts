import { parseMigrationConfig } from '../settings/config.js';
import type { ServiceDefinition } from '../definition.js';
import { createLogger } from '../logging.js';
import { migrateDatabase } from './database.js';

/**
 * Brings the tables of a service up to date as their owner and gives the roles their rights. Needs
 * `MIGRATION_DATABASE_URL`, `DATABASE_ROLE` and `DATABASE_READER_ROLES` only, which the service itself never gets.
 */
export async function migrate(
  definition: ServiceDefinition,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const config = parseMigrationConfig(definition.name, env);
  const logger = createLogger(definition.name, { logLevel: 'info', instanceId: 'migrate' });
  await migrateDatabase(definition, config, logger);
  const { service, readers } = config.roles;
  return `${definition.name}: tables are up to date; ${service} works with them, ${readers.join(', ') || 'nobody'} reads the log`;
}
