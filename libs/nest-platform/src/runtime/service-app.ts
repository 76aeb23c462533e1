import 'reflect-metadata';
import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { eventCodec } from '@specie/contracts';
import { SpecieEventServer } from '@specie/event-bus';
import { CommandHandler } from '@specie/event-sourcing';
import type { PostgresEventStore } from '@specie/postgres-event-store';
import type { DataSource } from 'typeorm';
import type { Role } from '../auth/caller.js';
import { DevelopmentIssuer } from '../auth/development-issuer.js';
import { type Clock, SystemClock } from '../clock.js';
import { parseConfig, type PlatformConfig } from '../settings/config.js';
import type { ServiceDefinition } from '../definition.js';
import { Connections } from '../serving/connections.js';
import { InFlight } from '../serving/request-pipeline.js';
import { RouteTable } from '../http/routes.js';
import { createLogger, type Logger } from '../logging.js';
import { meteredStore, Metrics } from '../metrics.js';
import { mergeSubjects } from '../merged-subjects.js';
import { serviceRoutes } from '../operations/service-routes.js';
import type { Sweep } from '../subject.js';
import { openDatabase, type ServiceDatabase } from './database.js';
import { portOf } from './http-server.js';
import { ManagementServer } from './management-server.js';
import { Injector } from './service-module.js';
import { Shutdown } from './shutdown.js';
import { Sweeps } from '../instance/sweeps.js';
import { createTransport } from '../instance/transport.js';
import { WriterRole } from '../instance/writer-role.js';
import { createNestApp, guardedApplication, type ServiceParts } from './nest-app.js';

export interface ServiceOverrides {
  /** Settings as environment variables; nothing is read from `process.env` when given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly databaseUrl?: string;
  readonly clock?: Clock;
  /** Any free port unless given. */
  readonly port?: number;
  readonly instanceId?: string;
  /** Called instead of ending the process when the instance cannot trust its own state. */
  readonly onDoubt?: () => void;
}

export interface TokenRequest {
  readonly partyId: string;
  readonly roles: readonly Role[];
  readonly ttlSeconds?: number;
}

/** A running instance of a service. */
export interface ServiceApp {
  readonly app: INestApplication;
  /** Without a slash at the end. */
  readonly url: string;
  /** Where metrics and documentation are, if operators have a port of their own. */
  readonly managementUrl: string | null;
  readonly dataSource: DataSource;
  readonly store: PostgresEventStore;
  readonly role: WriterRole;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** A bearer token of the development issuer. */
  token(request: TokenRequest): Promise<string>;
  /** Resolves once this instance decides commands and consumes events. */
  writing(deadlineMs?: number): Promise<void>;
  /** Drains and stops: no new requests, the ones in flight end, then bus, store and pools close. */
  close(): Promise<void>;
}

/** Starts an instance in this process on any free port and leaves signals alone; for tests and tools. */
export function createServiceApp(
  definition: ServiceDefinition,
  overrides: ServiceOverrides = {},
): Promise<ServiceApp> {
  const env = {
    AUTH_MODE: 'development',
    LOG_LEVEL: 'silent',
    // Tests send faster than any client may.
    RATE_LIMIT_PER_SECOND: '0',
    AUTH_FAILURES_PER_SECOND: '0',
    PORT: String(overrides.port ?? 0),
    ...(overrides.databaseUrl === undefined ? {} : { DATABASE_URL: overrides.databaseUrl }),
    ...(overrides.instanceId === undefined ? {} : { INSTANCE_ID: overrides.instanceId }),
    ...overrides.env,
  };
  return runService(definition, { ...overrides, env });
}

/** @throws ConfigError, or whatever keeps the service from starting; nothing of it is left running then. */
export async function runService(
  definition: ServiceDefinition,
  overrides: ServiceOverrides,
): Promise<ServiceApp> {
  const { platform: config, service: serviceConfig } = parseConfig(
    definition,
    overrides.env ?? process.env,
  );
  const routes = new RouteTable(serviceRoutes(definition, config.auth.mode));
  const logger = createLogger(definition.name, config);
  const database = await openDatabase(definition, config, logger);
  const shutdown = new Shutdown(config.shutdownDeadlineMs, logger);
  shutdown.last('store', () => database.store.close());
  shutdown.last('pool', () => database.dataSource.destroy());
  try {
    const parts = assemble({
      definition,
      config,
      serviceConfig,
      routes,
      logger,
      database,
      overrides,
    });
    const app = await createNestApp(parts);
    const server = app.getHttpServer() as Server;
    // Shares of the deadline: what does not end in time must not keep the log from being closed in order.
    const share = (part: number): number => part * config.shutdownDeadlineMs;
    shutdown.first('management', async () => parts.management?.close(), share(0.1));
    shutdown.first('framework', () => app.close(), share(0.1));
    shutdown.first('relay', async () => parts.transport.relay?.stop(), share(0.1));
    shutdown.first('writer', () => parts.role.stop(), share(0.2));
    shutdown.first('requests', () => stopServing(server, parts.inFlight), share(0.4));
    parts.promoteWith(app.get(Injector, { strict: false }));
    await app.startAllMicroservices();
    await app.listen(config.port, config.host);
    const url = urlOf(config.host, portOf(server));
    const managementUrl = await listenForOperators(app, parts);
    parts.transport.relay?.start();
    await parts.role.start(config.advertisedUrl ?? url);
    logger.info(
      { url, managementUrl, instance: config.instanceId, transport: config.transport.kind },
      'serving',
    );
    return serviceApp(app, { url, managementUrl }, parts, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

function assemble(given: {
  readonly definition: ServiceDefinition;
  readonly config: PlatformConfig;
  readonly serviceConfig: unknown;
  readonly routes: RouteTable;
  readonly logger: Logger;
  readonly database: ServiceDatabase;
  readonly overrides: ServiceOverrides;
}): ServiceParts & { readonly promoteWith: (injector: Injector) => void } {
  const { definition, config, logger, database, overrides } = given;
  const { eventsConsumed, sweeps: ownSweeps, onBecomeWriter } = mergeSubjects(definition.subjects);
  const { dataSource, store } = database;
  const clock = overrides.clock ?? new SystemClock();
  const metrics = new Metrics(definition.name);
  const commands = new CommandHandler(meteredStore(store, metrics), eventCodec);
  const transport = createTransport({
    service: definition.name,
    config,
    dataSource,
    logger,
    metrics,
  });
  const eventServer = new SpecieEventServer({
    bus: transport.bus,
    consumer: definition.name,
    dataSource,
    eventsConsumed,
    autoStart: false,
    now: () => clock.now(),
  });
  const sweeps = new Sweeps({
    sweeps: [...ownSweeps, answerPurge(store)],
    dataSource,
    logger,
    metrics,
  });
  let injector: Injector | undefined;
  const role = new WriterRole(definition.singleWriter ?? false, {
    store,
    instanceId: config.instanceId,
    logger,
    promote: async () => {
      if (!injector) {
        throw new Error('the service was promoted before it was built');
      }
      // Whatever was cached as a standby may be behind the log by now.
      commands.clearCache();
      await onBecomeWriter(injector.moduleRef);
      await eventServer.startConsuming();
      sweeps.start(injector.moduleRef);
    },
    demote: async () => {
      await sweeps.stop();
      await eventServer.stopConsuming();
      commands.clearCache();
    },
    onDoubt: overrides.onDoubt ?? (() => process.exit(70)),
  });
  const inFlight = new InFlight();
  const connections = new Connections(config.writeTimeoutMs, metrics);
  const management = config.management === null ? null : new ManagementServer();
  const parts = {
    ...given,
    clock,
    metrics,
    commands,
    transport,
    eventServer,
    sweeps,
    role,
    inFlight,
    connections,
    management,
  };
  return {
    ...parts,
    promoteWith: (built) => {
      injector = built;
    },
  };
}

const answerRetentionDays = 30;
const purgeEveryMs = 3_600_000;

function answerPurge(store: PostgresEventStore): Sweep {
  return {
    name: 'platform purge of idempotency answers',
    everyMs: purgeEveryMs,
    run: async () => {
      await store.purgeAnswers(answerRetentionDays);
    },
  };
}

/** Takes no new connections, closes idle ones and waits for the answers under way. */
async function stopServing(server: Server, inFlight: InFlight): Promise<void> {
  if (!server.listening) {
    return;
  }
  server.close();
  server.closeIdleConnections();
  await inFlight.drain();
  server.closeIdleConnections();
}

/** Serves the application on the port for operators too, if there is one; its URL. */
async function listenForOperators(
  app: INestApplication,
  { config, connections, management }: ServiceParts,
): Promise<string | null> {
  if (config.management === null || management === null) {
    return null;
  }
  const application = guardedApplication(app, connections);
  const port = await management.listen(application, config.management);
  return urlOf(config.management.host, port);
}

function urlOf(host: string, port: number): string {
  return `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
}

const writingPollMs = 20;

function serviceApp(
  app: INestApplication,
  urls: Pick<ServiceApp, 'url' | 'managementUrl'>,
  parts: ServiceParts,
  shutdown: Shutdown,
): ServiceApp {
  const issuer = new DevelopmentIssuer();
  const { role, logger, metrics } = parts;
  return {
    app,
    ...urls,
    dataSource: parts.database.dataSource,
    store: parts.database.store,
    role,
    logger,
    metrics,
    token: (request) => issuer.issue(request),
    writing: async (deadlineMs = 10_000) => {
      const deadline = performance.now() + deadlineMs;
      while (!role.isWriter) {
        if (performance.now() > deadline) {
          throw new Error(
            `${parts.definition.name} did not become the writer within ${deadlineMs} ms`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, writingPollMs));
      }
    },
    close: () => shutdown.run(),
  };
}
