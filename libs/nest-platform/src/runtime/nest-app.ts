import type { NestMicroservice } from '@nestjs/microservices';
import type { Server } from 'node:http';
import type { INestApplication, InjectionToken, Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { EventErrorFilter, SpecieEventServer } from '@specie/event-bus';
import { CommandHandler } from '@specie/event-sourcing';
import { PostgresEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { AccessGuard } from '../auth/access.guard.js';
import { DevelopmentIssuer } from '../auth/development-issuer.js';
import { TokenVerifier } from '../auth/token-verifier.js';
import { Clock } from '../clock.js';
import { PLATFORM_CONFIG, type PlatformConfig } from '../config.js';
import { SERVICE_CONFIG, SERVICE_DEFINITION, type ServiceDefinition } from '../definition.js';
import { forwardWrites } from '../http/forward-writes.js';
import { RequestsInFlight } from '../http/idempotency.js';
import { documentOf } from '../http/openapi.js';
import { OperationInterceptor } from '../http/operation.interceptor.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { RateLimiter } from '../http/rate-limit.js';
import { type InFlight, observeRequests } from '../http/request-pipeline.js';
import type { RouteTable } from '../http/routes.js';
import { LOGGER, NestLogger, type Logger } from '../logging.js';
import { Metrics } from '../metrics.js';
import type { ServiceDatabase } from './database.js';
import { serviceModule } from './service-module.js';
import { ServiceStatus } from './service-status.js';
import type { Sweeps } from './sweeps.js';
import { OPENAPI_DOCUMENT } from './tokens.js';
import type { Transport } from './transport.js';
import { WriterRole } from './writer-role.js';

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
  app.use(observeRequests({ logger, metrics, inFlight, isProduction: config.isProduction }));
  app.use(
    forwardWrites({
      role,
      routes,
      instanceId: config.instanceId,
      timeoutMs: config.requestTimeoutMs,
      logger,
    }),
  );
  app.useGlobalGuards(
    new AccessGuard(new TokenVerifier(config.auth), new RateLimiter(config.rateLimitPerSecond)),
  );
  app.useGlobalInterceptors(
    new OperationInterceptor({
      routes: routes.routes,
      clock,
      store: database.store,
      requestsInFlight: new RequestsInFlight(),
      timeoutMs: config.requestTimeoutMs,
    }),
  );
  app.useGlobalFilters(new ProblemFilter(routes, logger, metrics));
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
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 65_000;
  return app;
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
    [OPENAPI_DOCUMENT, documentOf(parts.definition, parts.routes.routes)],
  ];
  return values.map(([provide, useValue]) => ({ provide, useValue }));
}
