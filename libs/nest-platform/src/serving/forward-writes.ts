import { request as httpRequest, Agent } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Access } from './access.js';
import { describeError, type Logger } from '../logging.js';
import type { WriterRole } from '../instance/writer-role.js';
import { bodyBytesMaxDefault, readBody } from '../http/body.js';
import { Deadline } from '../http/deadline.js';
import { Problem, Unavailable } from '../http/problem.js';
import { sendProblem } from './problem.filter.js';
import type { Middleware } from './request-pipeline.js';
import { isWrite, type Route, type RouteTable } from '../http/routes.js';
import type { HttpRequest, HttpResponse, RequestState } from '../http/request-state.js';
import type { Slots } from '../http/slots.js';

/** Set on a forwarded request: it is never forwarded again, whatever the receiver believes about who writes. */
const forwardedHeader = 'x-specie-forwarded-by';
/** Belong to one connection, not to the request (RFC 9110, 7.6.1). */
const hopHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
]);

export interface ForwardWritesOptions {
  readonly role: WriterRole;
  readonly routes: RouteTable;
  readonly access: Access;
  readonly slots: Slots;
  readonly instanceId: string;
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/**
 * On a standby, sends writes to the instance that may decide them, and answers what that one answers. What a client may
 * not send, or does not send in time, takes nothing of the writer.
 */
export function forwardWrites(options: ForwardWritesOptions): Middleware {
  const { role, routes, logger } = options;
  // The slots bound how many there are.
  const agent = new Agent({ keepAlive: true });
  return (request, response, next) => {
    const route =
      role.isExclusive && !role.isWriter ? routes.match(request.method, request.path) : undefined;
    const answeredBy =
      route?.operation.answeredBy ?? (isWrite(request.method) ? 'writer' : 'anyone');
    const state = request.specie;
    if (!route || !state || answeredBy === 'anyone') {
      next();
      return;
    }
    state.route = route.path;
    forward(request, response, { ...options, route, state, agent }).catch((error: unknown) => {
      if (!(error instanceof Problem)) {
        logger.warn(describeError(error), 'the writer is unknown');
      }
      sendProblem(
        request,
        response,
        error instanceof Problem ? error : new Unavailable('writer_unavailable'),
      );
    });
  };
}

interface Forwarding extends ForwardWritesOptions {
  readonly route: Route;
  readonly state: RequestState;
  readonly agent: Agent;
}

/** @throws Problem, or what keeps the writer from being known */
async function forward(
  request: HttpRequest,
  response: HttpResponse,
  options: Forwarding,
): Promise<void> {
  const { route, state, role } = options;
  const { operation } = route;
  if (request.headers[forwardedHeader] !== undefined) {
    throw new Unavailable('writer_unavailable');
  }
  await options.access.admit(request, state, operation);
  const timeoutMs = operation.timeoutMs ?? options.timeoutMs;
  const body = await readBody(
    request,
    operation.bodyBytesMax ?? bodyBytesMaxDefault,
    new Deadline(state.startedAtMs, timeoutMs),
  );
  options.slots.takeShared(state.lifetime);
  const writerUrl = await role.writerUrl();
  if (writerUrl === null) {
    throw new Unavailable('writer_unavailable');
  }
  proxy(request, response, { ...options, writerUrl, body, timeoutMs });
}

function proxy(
  request: HttpRequest,
  response: HttpResponse,
  options: Forwarding & { readonly writerUrl: string; readonly body: Buffer | undefined },
): void {
  const { state, body } = options;
  const writer = new URL(options.writerUrl);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !hopHeaders.has(name)),
  );
  const isTls = writer.protocol === 'https:';
  const forwarded = (isTls ? httpsRequest : httpRequest)(writer, {
    method: request.method,
    path: pathAndQueryOf(request),
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-length': body.length }),
      [forwardedHeader]: options.instanceId,
      'x-correlation-id': state.correlationId,
    },
    timeout: options.timeoutMs,
    ...(isTls ? {} : { agent: options.agent }),
  });
  const fail = (error: unknown): void => {
    options.role.forgetWriter();
    options.logger.warn(describeError(error), 'the writer did not answer');
    if (response.headersSent) {
      response.destroy();
    } else {
      // Whether the write took effect is unknown; the same Idempotency-Key tells.
      sendProblem(request, response, new Unavailable('writer_unavailable'));
    }
  };
  forwarded.on('timeout', () => forwarded.destroy(new Error('the writer took too long')));
  forwarded.on('error', fail);
  forwarded.on('response', (answer) => {
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !hopHeaders.has(name)) {
        response.setHeader(name, value);
      }
    }
    response.statusCode = answer.statusCode ?? 502;
    answer.on('error', fail);
    answer.pipe(response);
  });
  state.lifetime.onEnd(() => forwarded.destroy());
  forwarded.end(body);
}

/**
 * What a request may say about where it goes. Its target can be a whole address, as a proxy gets it (RFC 9112, 3.2.2),
 * which must not choose where the writer is.
 */
function pathAndQueryOf({ path, originalUrl }: HttpRequest): string {
  const queryAt = originalUrl.indexOf('?');
  return queryAt === -1 ? path : `${path}${originalUrl.slice(queryAt)}`;
}
