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
import { parseConfig, type PlatformConfig } from '../config.js';
import { type ServiceDefinition, type Sweep } from '../definition.js';
import { InFlight } from '../http/request-pipeline.js';
import { RouteTable, routesOf } from '../http/routes.js';
import { createLogger, type Logger } from '../logging.js';
import { meteredStore, Metrics } from '../metrics.js';
import { platformControllers } from '../operations/platform-controllers.js';
import { openDatabase, type ServiceDatabase } from './database.js';
import { consumedEventsOf, Injector } from './service-module.js';
import { Shutdown } from './shutdown.js';
import { Sweeps } from './sweeps.js';
import { createTransport } from './transport.js';
import { WriterRole } from './writer-role.js';
import { createNestApp, type ServiceParts } from './nest-app.js';

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
    PORT: String(overrides.port ?? 0),
    ...(overrides.databaseUrl === undefined ? {} : { DATABASE_URL: overrides.databaseUrl }),
    ...(overrides.instanceId === undefined ? {} : { INSTANCE_ID: overrides.instanceId }),
    ...overrides.env,
  };
  return runService(definition, { ...overrides, env });
}

const requestCountMax = 2_048;

/** @throws ConfigError, or whatever keeps the service from starting; nothing of it is left running then. */
export async function runService(
  definition: ServiceDefinition,
  overrides: ServiceOverrides,
): Promise<ServiceApp> {
  const { platform: config, service: serviceConfig } = parseConfig(
    definition,
    overrides.env ?? process.env,
  );
  const routes = new RouteTable(
    routesOf([...definition.controllers, ...platformControllers(config.auth.mode)]),
  );
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
    shutdown.first('framework', () => app.close(), share(0.1));
    shutdown.first('relay', async () => parts.transport.relay?.stop(), share(0.1));
    shutdown.first('writer', () => parts.role.stop(), share(0.2));
    shutdown.first('requests', () => stopServing(server, parts.inFlight), share(0.4));
    parts.promoteWith(app.get(Injector, { strict: false }));
    await app.startAllMicroservices();
    await app.listen(config.port, config.host);
    const url = urlOf(server, config);
    parts.transport.relay?.start();
    await parts.role.start(config.advertisedUrl ?? url);
    logger.info({ url, instance: config.instanceId, transport: config.transport.kind }, 'serving');
    return serviceApp(app, url, parts, shutdown);
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
    eventsConsumed: consumedEventsOf(definition),
    autoStart: false,
    now: () => clock.now(),
  });
  const sweeps = new Sweeps({
    sweeps: platformSweeps(definition, store),
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
      await definition.onBecomeWriter?.(injector.moduleRef);
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
  const inFlight = new InFlight(requestCountMax);
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

function platformSweeps(
  definition: ServiceDefinition,
  store: PostgresEventStore,
): readonly Sweep[] {
  const purge = {
    name: 'platform purge of idempotency answers',
    everyMs: purgeEveryMs,
    run: async () => {
      await store.purgeAnswers(answerRetentionDays);
    },
  };
  return [...(definition.sweeps ?? []), purge];
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

function urlOf(server: Server, config: PlatformConfig): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${host}:${port}`;
}

const writingPollMs = 20;

function serviceApp(
  app: INestApplication,
  url: string,
  parts: ServiceParts,
  shutdown: Shutdown,
): ServiceApp {
  const issuer = new DevelopmentIssuer();
  const { role, logger, metrics } = parts;
  return {
    app,
    url,
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
