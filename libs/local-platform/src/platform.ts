import { serviceNames, type ServiceName } from '@specie/contracts';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { claimHome } from './home.js';
import { type KafkaServer, startKafka } from './kafka.js';
import { freePort, requireFree } from './ports.js';
import { type PostgresServer, startPostgres } from './postgres.js';
import { requireBrokers, requireDatabase } from './reachable.js';
import { type ServiceProcess, startServiceProcess } from './service-process.js';

export { serviceNames, type ServiceName };

/** Ports that people find the platform at. */
export interface PlatformPorts {
  /** Of compliance; the other services follow in their order. */
  readonly first: number;
  readonly postgres?: number;
  readonly kafka?: number;
}

export const defaultFirstPort = 7101;

/** The port of a service when that of the first is `first`; with 7101 the one that its definition states. */
export function portOf(service: ServiceName, first: number): number {
  return first + serviceNames.indexOf(service);
}

export interface PlatformOptions {
  readonly transport: 'postgres' | 'kafka';
  /** Instances of each service; more than one needs Kafka or shares partitions over PostgreSQL locks. */
  readonly instances?: number;
  /** Folder for data and logs; a temporary one, removed at the end, when absent. */
  readonly home?: string;
  /** Delete what earlier runs left in `home`. */
  readonly reset?: boolean;
  /** Extra environment of every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ports of the first instances and of the servers; any free ones when absent. */
  readonly ports?: PlatformPorts;
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
  const { transport, onProgress = () => undefined } = options;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'specie-'));
  const instances = await plan(options);
  const urls = new Map(instances.map(({ key, url }) => [key, url]));
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
  };
  try {
    stops.push(claimHome(home, [...urls.values()]));
    await requireChosenPorts(options);
    if (options.reset) reset(home);
    const postgres = await openPostgres(options, home);
    stops.push(() => postgres.stop());
    const prefix = isShared(options) ? `specie_${process.pid}_` : 'specie_';
    const databaseUrl = (service: ServiceName): string => postgres.url(`${prefix}${service}`);
    for (const service of serviceNames) await postgres.createDatabase(`${prefix}${service}`);
    const roles = await createRoles(postgres, prefix);

    const kafka = transport === 'kafka' ? await openKafka(options, home) : null;
    if (kafka) stops.push(() => kafka.stop());

    const byService = (of: (service: ServiceName) => string): string =>
      JSON.stringify(Object.fromEntries(serviceNames.map((service) => [service, of(service)])));
    const url = (service: ServiceName, instance = 0): string =>
      urls.get(`${service}/${instance}`) ?? '';
    onProgress(`starting ${instances.length} services`);
    const processes = instances.map(({ service, name, port, url: own }) =>
      startServiceProcess({
        name,
        entry: entryOf(service),
        url: own,
        supervise: options.supervise ?? false,
        logFile: join(home, 'logs', `${name}.log`),
        onProblem: onProgress,
        env: {
          NODE_ENV: 'development',
          HOST: '127.0.0.1',
          PORT: String(port),
          ADVERTISED_URL: own,
          INSTANCE_ID: name,
          ...roles.databaseEnv(service),
          PEER_DATABASE_URLS: byService(roles.readerUrl),
          SERVICE_URLS: byService((each) => url(each)),
          EVENT_TRANSPORT: transport,
          ...(kafka ? { KAFKA_BROKERS: kafka.brokers } : {}),
          AUTH_MODE: 'development',
          ...options.env,
        },
      }),
    );
    stops.push(async () => {
      await Promise.all(processes.map((process) => process.stop()));
    });
    let readyCount = 0;
    await Promise.all(
      processes.map(async (process) => {
        await process.ready(readyTimeoutMs);
        readyCount += 1;
        onProgress(`${process.name} is ready (${readyCount} of ${processes.length})`);
      }),
    );
    return { postgres, kafka, processes, home, url, databaseUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface PlannedInstance {
  readonly key: string;
  readonly service: ServiceName;
  readonly name: string;
  readonly port: number;
  readonly url: string;
}

/** What runs where, first instances first. */
async function plan({ instances = 1, ports }: PlatformOptions): Promise<PlannedInstance[]> {
  const planned: PlannedInstance[] = [];
  for (let instance = 0; instance < instances; instance += 1) {
    for (const service of serviceNames) {
      const port = ports && instance === 0 ? portOf(service, ports.first) : await freePort();
      planned.push({
        key: `${service}/${instance}`,
        service,
        name: instance === 0 ? service : `${service}-${instance + 1}`,
        port,
        url: `http://127.0.0.1:${port}`,
      });
    }
  }
  return planned;
}

/** People rely on the ports they were told: a taken one is no reason to take another. */
async function requireChosenPorts({ ports, transport }: PlatformOptions): Promise<void> {
  if (!ports) return;
  await requireFree([
    ...serviceNames.map((name) => ({
      name,
      port: portOf(name, ports.first),
      option: '--port or SPECIE_PORT',
    })),
    ...(ports.postgres === undefined || process.env['DATABASE_URL']
      ? []
      : [
          {
            name: 'PostgreSQL',
            port: ports.postgres,
            option: '--postgres-port or SPECIE_POSTGRES_PORT',
          },
        ]),
    ...(ports.kafka === undefined || transport !== 'kafka' || process.env['KAFKA_BROKERS']
      ? []
      : [{ name: 'Kafka', port: ports.kafka, option: '--kafka-port or SPECIE_KAFKA_PORT' }]),
  ]);
}

function reset(home: string): void {
  if (process.env['DATABASE_URL']) {
    throw new Error(
      'a reset deletes no databases of DATABASE_URL: drop those named specie_* there, then start without it',
    );
  }
  for (const folder of ['postgres', 'kafka', 'logs']) {
    rmSync(join(home, folder), { recursive: true, force: true });
  }
}

/** Temporary data on somebody's server must not meet what is kept there. */
function isShared(options: PlatformOptions): boolean {
  return options.home === undefined && Boolean(process.env['DATABASE_URL']);
}

async function openPostgres(options: PlatformOptions, home: string): Promise<PostgresServer> {
  const { ports, onProgress = () => undefined } = options;
  const given = process.env['DATABASE_URL'];
  if (given) {
    onProgress(`using PostgreSQL at ${await requireDatabase(given)}, as DATABASE_URL says`);
  } else {
    onProgress('starting PostgreSQL');
  }
  return startPostgres({
    dataDir: join(home, 'postgres'),
    ...(ports?.postgres === undefined ? {} : { port: ports.postgres }),
  });
}

async function openKafka(options: PlatformOptions, home: string): Promise<KafkaServer> {
  const { ports, onProgress = () => undefined } = options;
  const given = process.env['KAFKA_BROKERS'];
  if (given) {
    await requireBrokers(given);
    onProgress(`using Kafka at ${given}, as KAFKA_BROKERS says`);
  } else {
    onProgress('starting Kafka');
  }
  return startKafka({
    dataDir: join(home, 'kafka'),
    ...(ports?.kafka === undefined ? {} : { port: ports.kafka }),
  });
}

function entryOf(service: ServiceName): string {
  const entry = join(repositoryRoot, 'services', service, 'dist/main.js');
  if (!existsSync(entry)) throw new Error(`${entry} is missing; run \`npm run build\` first`);
  return entry;
}
