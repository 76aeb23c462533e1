import { serviceNames, type ServiceName } from '@specie/contracts';
import { HaltStore, readPublishedTail } from '@specie/event-bus';
import { parseConfig, type PlatformConfig } from '../settings/config.js';
import type { ServiceDefinition } from '../definition.js';
import { createLogger } from '../logging.js';
import { openDatabase } from './database.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What an operator runs after a restore, with the service's own settings; see docs/restore.md. */
export const recoveryCommands = {
  'restore-log': restoreLog,
  'accept-cut': acceptCut,
} as const;

/** Puts the events back that the log lost and its topic has. Returns what was done, in one line. */
export async function restoreLog(definition: ServiceDefinition, env: Env): Promise<string> {
  const { platform } = parseConfig(definition, env);
  const { transport } = platform;
  if (transport.kind !== 'kafka') {
    throw new Error('restore-log reads the topic of the service: it needs EVENT_TRANSPORT=kafka');
  }
  return withDatabase(definition, platform, async ({ store }) => {
    const head = await store.head();
    const events = await readPublishedTail({
      ...transport,
      service: definition.name,
      keys: platform.logPublicKeys[definition.name],
      after: { position: head.position, hash: head.chainHash },
    });
    await store.importTail(events);
    const end = head.position + events.length;
    return `${definition.name}: ${events.length} events restored, the log ends at ${end}`;
  });
}

/** Goes on with a source whose log was cut: `accept-cut <source> <position> <hash> <reason>`. */
export async function acceptCut(
  definition: ServiceDefinition,
  env: Env,
  [source = '', position = '', hash = '', ...reason]: readonly string[] = [],
): Promise<string> {
  const { platform } = parseConfig(definition, env);
  if (platform.transport.kind === 'kafka') {
    throw new Error('the topic holds what the log lost: run restore-log of the source instead');
  }
  const isComplete =
    (serviceNames as readonly string[]).includes(source) &&
    /^\d{1,15}$/.test(position) &&
    /^[0-9a-f]{64}$/.test(hash) &&
    reason.length > 0;
  if (!isComplete) {
    throw new Error('accept-cut <source> <position> <chain hash, 64 hex digits> <reason>');
  }
  return withDatabase(definition, platform, async ({ dataSource }) => {
    await new HaltStore(dataSource, definition.name).rejoin({
      source: source as ServiceName,
      position: Number(position),
      chainHash: Buffer.from(hash, 'hex'),
      reason: reason.join(' '),
    });
    return `${definition.name}: goes on with ${source} after position ${position}`;
  });
}

async function withDatabase<T>(
  definition: ServiceDefinition,
  config: PlatformConfig,
  work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(definition, config, createLogger(definition.name, config));
  try {
    return await work(database);
  } finally {
    await database.store.close();
    await database.dataSource.destroy();
  }
}
