import { randomUUID } from 'node:crypto';
import { isUuid } from '@specie/contracts/ids';
import type { Logger } from '../logging.js';
import type { Metrics } from '../metrics.js';
import type { Connections } from './connections.js';
import { Lifetime } from '../http/lifetime.js';
import { Unavailable } from '../http/problem.js';
import { sendProblem } from './problem.filter.js';
import {
  withRequest,
  type HttpRequest,
  type HttpResponse,
  type RequestState,
} from '../http/request-state.js';
import type { RouteTable } from '../http/routes.js';
import { Turnstile } from './turnstile.js';

type Next = (error?: unknown) => void;
export type Middleware = (request: HttpRequest, response: HttpResponse, next: Next) => void;

const slowRequestMs = 1_000;

const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'interest-cohort=()',
  'Cache-Control': 'no-store',
};

/** Counts what is not answered yet, so that shutting down can wait for it. */
export class InFlight {
  private count = 0;
  private readonly idle: (() => void)[] = [];
  private draining = false;

  /** Whether nothing new is served. */
  get isDraining(): boolean {
    return this.draining;
  }

  enter(): void {
    this.count += 1;
  }

  leave(): void {
    this.count -= 1;
    if (this.count === 0) {
      this.idle.splice(0).forEach((resolve) => resolve());
    }
  }

  /** Refuses what comes from now on, and resolves once nothing is in flight. */
  async drain(): Promise<void> {
    this.draining = true;
    if (this.count > 0) {
      await new Promise<void>((resolve) => this.idle.push(resolve));
    }
  }
}

/** First of all: connection, correlation id, headers, measurement and one log line for what was slow or failed. */
export function observeRequests(options: {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly inFlight: InFlight;
  readonly connections: Connections;
  readonly routes: RouteTable;
  readonly isProduction: boolean;
}): Middleware {
  const { inFlight, connections, routes } = options;
  const turnstile = new Turnstile();
  const unlimitedPaths = new Set(
    routes.routes.filter(({ operation }) => operation.unlimited).map(({ path }) => path),
  );
  return (request, response, next) => {
    const state = newState(request);
    request.specie = state;
    inFlight.enter();
    connections.onAnswered(response, () => {
      inFlight.leave();
      finish(request, response, options);
      state.lifetime.answered();
    });
    const takeIn = (): void => {
      if (state.lifetime.isOver) {
        return;
      }
      setHeaders(response, state, options);
      if (inFlight.isDraining) {
        response.setHeader('Connection', 'close');
        sendProblem(request, response, new Unavailable('shutting_down'));
        return;
      }
      withRequest(state, next);
    };
    if (unlimitedPaths.has(request.path)) {
      takeIn();
    } else {
      turnstile.enter(request.headers.authorization ?? '', takeIn);
    }
  };
}

function setHeaders(
  response: HttpResponse,
  { correlationId }: RequestState,
  { isProduction }: { readonly isProduction: boolean },
): void {
  response.setHeader('X-Correlation-Id', correlationId);
  for (const [name, value] of Object.entries(securityHeaders)) {
    response.setHeader(name, value);
  }
  if (isProduction) {
    response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
  }
}

function newState(request: HttpRequest): RequestState {
  const sent = request.headers['x-correlation-id'];
  return {
    correlationId: typeof sent === 'string' && isUuid(sent) ? sent : randomUUID(),
    startedAtMs: performance.now(),
    lifetime: new Lifetime(),
    route: undefined,
    caller: undefined,
    input: undefined,
    command: undefined,
    violations: undefined,
    wireAnswer: undefined,
    problemCode: undefined,
  };
}

function finish(
  request: HttpRequest,
  response: HttpResponse,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
): void {
  const state = request.specie;
  const durationMs = performance.now() - (state?.startedAtMs ?? 0);
  const template = request.route?.path;
  const route = state?.route ?? (typeof template === 'string' ? template : 'unknown');
  const labels = {
    method: knownMethod(request.method),
    route,
    status: String(response.statusCode),
  };
  metrics.httpSeconds.observe(labels, durationMs / 1_000);
  const fields = {
    ...labels,
    status: response.statusCode,
    durationMs: Math.round(durationMs),
    correlationId: state?.correlationId,
    ...(state?.problemCode === undefined ? {} : { code: state.problemCode }),
  };
  if (durationMs > slowRequestMs) {
    logger.warn(fields, 'slow request');
  } else {
    logger.debug(fields, 'request');
  }
}

function knownMethod(method: string | undefined): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method ?? '')
    ? (method ?? '')
    : 'other';
}
