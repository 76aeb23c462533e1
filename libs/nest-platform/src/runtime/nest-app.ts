import type { NestMicroservice } from '@nestjs/microservices';
import type { RequestListener, Server } from 'node:http';
import type { INestApplication, InjectionToken, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { EventErrorFilter, SpecieEventServer } from '@specie/event-bus';
import { CommandHandler } from '@specie/event-sourcing';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { Access } from '../serving/access.js';
import { AccessGuard } from '../serving/access.guard.js';
import { DevelopmentIssuer } from '../auth/development-issuer.js';
import { FailedAuthentications } from '../serving/failed-authentications.js';
import { TokenVerifier } from '../serving/token-verifier.js';
import { Clock } from '../clock.js';
import { PLATFORM_CONFIG, type PlatformConfig } from '../settings/config.js';
import { SERVICE_CONFIG, SERVICE_DEFINITION, type ServiceDefinition } from '../definition.js';
import type { Connections } from '../serving/connections.js';
import { forwardWrites } from '../serving/forward-writes.js';
import { RequestsInFlight } from '../http/idempotency.js';
import { OPENAPI_DOCUMENT } from '../http/openapi.js';
import { OperationInterceptor } from '../http/operation.interceptor.js';
import { ProblemFilter } from '../serving/problem.filter.js';
import { RateLimiter } from '../serving/rate-limit.js';
import { type InFlight, observeRequests } from '../serving/request-pipeline.js';
import type { RouteTable } from '../http/routes.js';
import { Slots } from '../http/slots.js';
import { LOGGER, NestLogger, type Logger } from '../logging.js';
import { mergeSubjects } from '../merged-subjects.js';
import { Metrics } from '../metrics.js';
import { serviceDocument } from '../operations/service-routes.js';
import type { ServiceDatabase } from './database.js';
import { limitTimes } from './http-server.js';
import type { ManagementServer } from './management-server.js';
import { serviceModule } from './service-module.js';
import { ServiceStatus } from '../instance/service-status.js';
import type { Sweeps } from '../instance/sweeps.js';
import type { Transport } from '../instance/transport.js';
import { WriterRole } from '../instance/writer-role.js';

/** Everything that makes up a running instance, in the order in which it is built. */
export interface ServiceParts {
  readonly definition: ServiceDefinition;
  readonly config: PlatformConfig;
  readonly serviceConfig: unknown;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly routes: RouteTable;
  readonly database: ServiceDatabase;
  readonly commands: CommandHandler;
  readonly transport: Transport;
  readonly eventServer: SpecieEventServer;
  readonly sweeps: Sweeps;
  readonly role: WriterRole;
  readonly inFlight: InFlight;
  readonly connections: Connections;
  /** Null where operators have no port of their own. */
  readonly management: ManagementServer | null;
}

/** The HTTP application and, connected to it, the consumer of events; neither listens yet. */
export async function createNestApp(parts: ServiceParts): Promise<INestApplication> {
  const {
    definition,
    config,
    routes,
    logger,
    metrics,
    role,
    inFlight,
    connections,
    management,
    clock,
    database,
    eventServer,
  } = parts;
  const app = await NestFactory.create(
    serviceModule(definition, config, providersOf(parts)),
    new ExpressAdapter(),
    {
      bodyParser: false,
      abortOnError: false,
      forceCloseConnections: true,
      routeResolutionStrategy: 'specificity',
      logger: new NestLogger(logger),
    },
  );
  const http = app.getHttpAdapter().getInstance() as {
    disable(name: string): void;
    set(name: string, value: unknown): void;
  };
  http.disable('x-powered-by');
  http.set('etag', false);
  const slots = new Slots({
    inFlightMax: config.requestsInFlightMax,
    perCallerMax: config.requestsInFlightPerCallerMax,
  });
  const access = new Access({
    verifier: new TokenVerifier(config.auth),
    failures: new FailedAuthentications(new RateLimiter(config.authFailuresPerSecond), logger),
    limiter: new RateLimiter(config.rateLimitPerSecond),
    slots,
    management,
  });
  app.use(
    observeRequests({
      logger,
      metrics,
      inFlight,
      connections,
      routes,
      isProduction: config.isProduction,
    }),
  );
  app.use(
    forwardWrites({
      role,
      routes,
      access,
      slots,
      instanceId: config.instanceId,
      timeoutMs: config.requestTimeoutMs,
      logger,
    }),
  );
  app.useGlobalGuards(new AccessGuard(access));
  app.useGlobalInterceptors(
    new OperationInterceptor({
      routes: routes.routes,
      clock,
      store: database.store,
      requestsInFlight: new RequestsInFlight(),
      slots,
      timeoutMs: config.requestTimeoutMs,
      requestHashKey: config.requestHashKey,
    }),
  );
  const { refusals } = mergeSubjects(definition.subjects);
  app.useGlobalFilters(new ProblemFilter({ routes, logger, metrics, refusals }));
  // Guards, pipes and filters of HTTP do not apply to events, which arrive from our own log.
  // Nest takes a filter only before it binds the handlers, which it otherwise does while connecting.
  const connected = app.connectMicroservice(
    { strategy: eventServer },
    { deferInitialization: true },
  );
  connected.useGlobalFilters(new EventErrorFilter());
  const events = connected as NestMicroservice;
  events.registerListeners();
  events.setIsInitialized(true);
  events.setIsInitHookCalled(true);
  const server = app.getHttpServer() as Server;
  limitTimes(server);
  // In front of the framework, whose work for a thousand requests that are dropped would be noticed by others.
  server.removeAllListeners('request').on('request', guardedApplication(app, connections));
  return app;
}

/** What a server calls for each request. */
export function guardedApplication(
  app: INestApplication,
  connections: Connections,
): RequestListener {
  return connections.guard(app.getHttpAdapter().getInstance() as RequestListener);
}

function providersOf(parts: ServiceParts): readonly Provider[] {
  const { database, role, eventServer, transport, sweeps } = parts;
  const values: readonly (readonly [InjectionToken, unknown])[] = [
    [DataSource, database.dataSource],
    [PostgresEventStore, database.store],
    [CommandHandler, parts.commands],
    [Clock, parts.clock],
    [Metrics, parts.metrics],
    [LOGGER, parts.logger],
    [PLATFORM_CONFIG, parts.config],
    [SERVICE_CONFIG, parts.serviceConfig],
    [SERVICE_DEFINITION, parts.definition],
    [SpecieEventServer, eventServer],
    [WriterRole, role],
    [
      ServiceStatus,
      new ServiceStatus(role, { events: eventServer, relay: transport.relay, sweeps }),
    ],
    [DevelopmentIssuer, new DevelopmentIssuer()],
    [OPENAPI_DOCUMENT, serviceDocument(parts.definition, parts.routes.routes)],
  ];
  return values.map(([provide, useValue]) => ({ provide, useValue }));
}
