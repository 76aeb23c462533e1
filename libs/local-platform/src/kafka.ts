import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  plainListener,
  secureListeners,
  serverProperties,
  type KafkaServerSecurity,
} from './kafka-config.js';
import { freePort } from './ports.js';

const run = promisify(execFile);

export interface KafkaOptions {
  /** Where the broker keeps its log; formatted on first use. */
  readonly dataDir: string;
  /** A loopback port; any free one when absent. */
  readonly port?: number;
  /** Lets in only who is known, by TLS; with Java only. */
  readonly security?: KafkaServerSecurity;
}

/** A single-node Kafka on this machine, or the one of `KAFKA_BROKERS`. */
export interface KafkaServer {
  /** Comma-separated `host:port`, as in `KAFKA_BROKERS`. */
  readonly brokers: string;
  /** Of the broker that Specie started without Docker. */
  readonly pid: number | undefined;
  /** The listener for clients with certificates, where `security` was given. */
  readonly mutualTlsBrokers?: string;
  stop(): Promise<void>;
  /** SIGKILL, as a power cut would. Brokers given by `KAFKA_BROKERS` are left alone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
}

export type KafkaAvailability =
  | { readonly way: 'brokers' | 'java' | 'docker'; readonly detail: string }
  | { readonly way: null; readonly reason: string };

const pomFile = fileURLToPath(new URL('../../../infra/kafka/pom.xml', import.meta.url));
const startTimeoutMs = 60_000;
const stopTimeoutMs = 15_000;

/** Which way Kafka can run here, or what is missing, in one line. */
export async function kafkaAvailability(): Promise<KafkaAvailability> {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers) {
    return { way: 'brokers', detail: `KAFKA_BROKERS=${brokers}` };
  }
  const javaMajor = await javaMajorVersion();
  if (javaMajor >= 17) {
    if (existsSync(serverDirectory())) {
      return { way: 'java', detail: `Java ${javaMajor}, Kafka ${kafkaVersion()} from the cache` };
    }
    if (await works('mvn', ['--version'])) {
      return { way: 'java', detail: `Java ${javaMajor}, Kafka ${kafkaVersion()} by Maven` };
    }
  }
  if (await works('docker', ['info', '--format', '{{.ServerVersion}}'])) {
    return { way: 'docker', detail: `apache/kafka:${kafkaVersion()}` };
  }
  const found =
    javaMajor === 0
      ? 'no Java'
      : javaMajor < 17
        ? `Java ${javaMajor}`
        : `Java ${javaMajor} without Maven`;
  return {
    way: null,
    reason: `Kafka cannot run here (${found}, no Docker engine): set KAFKA_BROKERS, or install Java 17+ and Maven, or Docker`,
  };
}

/** Starts Kafka the way `kafkaAvailability` names. @throws Error with that reason when there is none. */
export async function startKafka(options: KafkaOptions): Promise<KafkaServer> {
  const availability = await kafkaAvailability();
  switch (availability.way) {
    case 'brokers':
      return attach(process.env['KAFKA_BROKERS'] ?? '');
    case 'java':
      return startWithJava(options);
    case 'docker':
      return startWithDocker(options);
    case null:
      throw new Error(availability.reason);
  }
}

function attach(brokers: string): KafkaServer {
  const nothing = (): Promise<void> => Promise.resolve();
  return { brokers, pid: undefined, stop: nothing, kill: nothing, restart: nothing };
}

async function startWithJava({
  dataDir,
  port: wanted,
  security,
}: KafkaOptions): Promise<KafkaServer> {
  const classPath = join(await resolveServer(), '*');
  const port = wanted ?? (await freePort());
  mkdirSync(dataDir, { recursive: true });
  const configFile = join(dataDir, 'server.properties');
  const [mutualTlsPort, controllerPort] = [await freePort(), await freePort()];
  writeFileSync(
    configFile,
    [
      ...serverProperties(dataDir, controllerPort),
      ...(security
        ? secureListeners(dataDir, { port, mutualTlsPort, controllerPort, security })
        : plainListener(port, controllerPort)),
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  if (!existsSync(join(dataDir, 'log', 'meta.properties'))) {
    const clusterId = 'c3BlY2llLWxvY2FsLTAwMQ';
    await run(java(), [
      '-Xmx128m',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classPath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      clusterId,
      '-c',
      configFile,
      ...Object.entries(security?.users ?? {}).flatMap(([name, password]) => [
        '--add-scram',
        `SCRAM-SHA-512=[name=${name},password=${password}]`,
      ]),
    ]);
  }
  const logFile = join(dataDir, 'broker.log');
  let broker = await launch({ classPath, configFile, logFile });
  return {
    brokers: `127.0.0.1:${port}`,
    get pid() {
      return broker.pid;
    },
    ...(security ? { mutualTlsBrokers: `127.0.0.1:${mutualTlsPort}` } : {}),
    stop: () => end(broker, 'SIGTERM'),
    kill: () => end(broker, 'SIGKILL'),
    restart: async () => {
      await end(broker, 'SIGTERM');
      broker = await launch({ classPath, configFile, logFile });
    },
  };
}

interface Launch {
  readonly classPath: string;
  readonly configFile: string;
  readonly logFile: string;
}

/** In a process group of its own, so that Ctrl-C in a terminal reaches it only through us. */
async function launch({ classPath, configFile, logFile }: Launch): Promise<ChildProcess> {
  const output = openSync(logFile, 'w');
  const broker = spawn(
    java(),
    [
      '-Xms128m',
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-cp',
      classPath,
      'kafka.Kafka',
      configFile,
    ],
    { detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  const deadline = Date.now() + startTimeoutMs;
  while (!/Kafka Server started/.test(readFileSync(logFile, 'utf8'))) {
    if (hasEnded(broker) || broker.pid === undefined || Date.now() > deadline) {
      await end(broker, 'SIGKILL');
      throw new Error(
        `Kafka did not start; the last lines of ${logFile}:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return broker;
}

async function end(broker: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (hasEnded(broker) || broker.pid === undefined) {
    return;
  }
  const ended = new Promise<void>((resolve) => broker.once('exit', () => resolve()));
  broker.kill(signal);
  const timer = setTimeout(() => broker.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function startWithDocker({
  dataDir,
  port: wanted,
  security,
}: KafkaOptions): Promise<KafkaServer> {
  if (security) {
    throw new Error('a broker with TLS and ACLs is started with Java only');
  }
  const port = wanted ?? (await freePort());
  const name = `specie-kafka-${port}`;
  mkdirSync(dataDir, { recursive: true });
  const settings = {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_LISTENERS: `PLAINTEXT://:9092,CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_HEAP_OPTS: '-Xmx512m',
  };
  const environment = Object.entries(settings).flatMap(([key, value]) => [
    '--env',
    `${key}=${value}`,
  ]);
  await run('docker', [
    'run',
    '--detach',
    '--name',
    name,
    '--publish',
    `127.0.0.1:${port}:9092`,
    ...environment,
    `apache/kafka:${kafkaVersion()}`,
  ]);
  const started = async (): Promise<void> => {
    const deadline = Date.now() + startTimeoutMs;
    while (
      !/Kafka Server started/.test((await run('docker', ['logs', '--since', '2m', name])).stdout)
    ) {
      if (Date.now() > deadline) {
        throw new Error(`Kafka did not start in Docker; see: docker logs ${name}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  await started();
  return {
    brokers: `127.0.0.1:${port}`,
    pid: undefined,
    stop: async () => {
      await run('docker', ['rm', '--force', name]);
    },
    kill: async () => {
      await run('docker', ['kill', name]);
    },
    restart: async () => {
      await run('docker', ['restart', name]);
      await started();
    },
  };
}

/** The folder with the server's jars; resolved through Maven once per version. */
async function resolveServer(): Promise<string> {
  const directory = serverDirectory();
  if (existsSync(directory)) {
    return directory;
  }
  mkdirSync(dirname(directory), { recursive: true });
  // Resolved beside its place and moved there whole, so that a broken download is never taken for a server.
  const fresh = await mkdtemp(join(dirname(directory), `${basename(directory)}-`));
  try {
    await run('mvn', [
      '--quiet',
      '--batch-mode',
      '--file',
      pomFile,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${fresh}`,
    ]);
    await rename(fresh, directory);
  } catch (error) {
    if ((await readdir(directory).catch(() => [])).length === 0) {
      const reason = error instanceof Error ? error.message.slice(0, 1_000) : String(error);
      throw new Error(`Maven could not resolve Kafka ${kafkaVersion()}: ${reason}`);
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return directory;
}

function serverDirectory(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'specie', `kafka-${kafkaVersion()}`);
}

function kafkaVersion(): string {
  const version = /<kafka\.version>([^<]+)</.exec(readFileSync(pomFile, 'utf8'))?.[1];
  if (version === undefined) {
    throw new Error(`${pomFile} names no kafka.version`);
  }
  return version;
}

function java(): string {
  const home = process.env['JAVA_HOME'];
  return home ? join(home, 'bin', 'java') : 'java';
}

/** 0 when there is no Java. */
async function javaMajorVersion(): Promise<number> {
  try {
    // "java -version" speaks on stderr.
    const { stderr } = await run(java(), ['-version']);
    const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? [];
    return Number(first) === 1 ? Number(second) : Number(first);
  } catch {
    return 0;
  }
}

async function works(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, [...args], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
