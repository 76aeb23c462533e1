import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type KafkaServer, startKafka } from './kafka.js';
import { freePort, preferPort } from './ports.js';
import { type PostgresServer, startPostgres } from './postgres.js';
import { type ServiceProcess, startServiceProcess } from './service-process.js';

export const serviceNames = [
  'compliance',
  'issuance',
  'deals',
  'market',
  'metering',
  'audit',
] as const;
export type ServiceName = (typeof serviceNames)[number];
export const defaultPorts: Readonly<Record<ServiceName, number>> = {
  compliance: 7101,
  issuance: 7102,
  deals: 7103,
  market: 7104,
  metering: 7105,
  audit: 7106,
};

export interface PlatformOptions {
  readonly transport: 'postgres' | 'kafka';
  /** Instances of each service; more than one needs Kafka or shares partitions over PostgreSQL locks. */
  readonly instances?: number;
  /** Folder for data and logs; a temporary one, removed at the end, when absent. */
  readonly home?: string;
  /** Extra environment of every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Fixed ports 7101.. when free (true) or any free ports (false). */
  readonly wellKnownPorts?: boolean;
  /** Start services again that end by themselves, as a container platform does. */
  readonly supervise?: boolean;
  readonly onProgress?: (message: string) => void;
}

/** The whole platform on this machine. */
export interface Platform {
  readonly postgres: PostgresServer;
  readonly kafka: KafkaServer | null;
  /** All processes, first instances first. */
  readonly processes: readonly ServiceProcess[];
  readonly home: string;
  /** Base URL of an instance of a service (0: the first). */
  url(service: ServiceName, instance?: number): string;
  databaseUrl(service: ServiceName): string;
  /** Stops services, then Kafka and PostgreSQL, and removes temporary data. */
  stop(): Promise<void>;
}

const repositoryRoot = resolve(import.meta.dirname, '../../..');
const readyTimeoutMs = 90_000;

/**
 * Each service works as a role of its own and reads the others as one that only reads, as in production. On a server
 * that Specie did not start all of them work as the user of its URL.
 */
async function createRoles(
  postgres: PostgresServer,
  prefix: string,
): Promise<{
  readonly databaseEnv: (service: ServiceName) => Readonly<Record<string, string>>;
  readonly readerUrl: (service: ServiceName) => string;
}> {
  const reader = `${prefix}reader`;
  let isOurs = await postgres.createRole(reader);
  for (const service of serviceNames)
    isOurs = (await postgres.createRole(`${prefix}${service}`)) && isOurs;
  const url = (service: ServiceName, role?: string): string =>
    postgres.url(`${prefix}${service}`, isOurs ? role : undefined);
  return {
    readerUrl: (service) => url(service, reader),
    databaseEnv: (service) => ({
      DATABASE_URL: url(service, `${prefix}${service}`),
      ...(isOurs
        ? {
            MIGRATION_DATABASE_URL: url(service),
            DATABASE_ROLE: `${prefix}${service}`,
            DATABASE_READER_ROLES: reader,
          }
        : {}),
    }),
  };
}

/** Starts PostgreSQL, Kafka if asked, and the service processes; stops what it started if one fails. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { transport, instances = 1, onProgress = () => undefined } = options;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'specie-'));
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  };
  try {
    onProgress('starting PostgreSQL');
    const postgres = await startPostgres({ dataDir: join(home, 'postgres') });
    stops.push(() => postgres.stop());
    const prefix =
      options.home === undefined && process.env['DATABASE_URL']
        ? `specie_${process.pid}_`
        : 'specie_';
    const databaseUrl = (service: ServiceName): string => postgres.url(`${prefix}${service}`);
    for (const service of serviceNames) await postgres.createDatabase(`${prefix}${service}`);
    const roles = await createRoles(postgres, prefix);

    let kafka: KafkaServer | null = null;
    if (transport === 'kafka') {
      onProgress('starting Kafka');
      const started = await startKafka({ dataDir: join(home, 'kafka') });
      kafka = started;
      stops.push(() => started.stop());
    }

    const peers = JSON.stringify(
      Object.fromEntries(serviceNames.map((service) => [service, roles.readerUrl(service)])),
    );
    const processes: ServiceProcess[] = [];
    const urls = new Map<string, string>();
    for (let instance = 0; instance < instances; instance += 1) {
      for (const service of serviceNames) {
        const wellKnown = (options.wellKnownPorts ?? false) && instance === 0;
        const port = wellKnown ? await preferPort(defaultPorts[service]) : await freePort();
        const url = `http://127.0.0.1:${port}`;
        const name = instance === 0 ? service : `${service}-${instance + 1}`;
        urls.set(`${service}/${instance}`, url);
        const entry = join(repositoryRoot, 'services', service, 'dist/main.js');
        if (!existsSync(entry)) throw new Error(`${entry} is missing; run \`npm run build\` first`);
        processes.push(
          startServiceProcess({
            name,
            entry,
            url,
            supervise: options.supervise ?? false,
            logFile: join(home, 'logs', `${name}.log`),
            env: {
              NODE_ENV: 'development',
              HOST: '127.0.0.1',
              PORT: String(port),
              ADVERTISED_URL: url,
              INSTANCE_ID: name,
              ...roles.databaseEnv(service),
              PEER_DATABASE_URLS: peers,
              EVENT_TRANSPORT: transport,
              ...(kafka ? { KAFKA_BROKERS: kafka.brokers } : {}),
              AUTH_MODE: 'development',
              ...options.env,
            },
          }),
        );
      }
    }
    stops.push(async () => {
      await Promise.all(processes.map((process) => process.stop()));
    });
    onProgress(`starting ${processes.length} services`);
    await Promise.all(processes.map((process) => process.ready(readyTimeoutMs)));
    return {
      postgres,
      kafka,
      processes,
      home,
      url: (service, instance = 0) => urls.get(`${service}/${instance}`) ?? '',
      databaseUrl,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
