import { request as httpRequest, Agent } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { describeError, type Logger } from '../logging.js';
import type { WriterRole } from '../runtime/writer-role.js';
import { Unavailable } from './problem.js';
import { sendProblem } from './problem.filter.js';
import type { Middleware } from './request-pipeline.js';
import { isWrite, type RouteTable } from './routes.js';
import type { HttpRequest, HttpResponse } from './request-state.js';

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
  readonly instanceId: string;
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** On a standby, sends writes to the instance that may decide them, and answers what that one answers. */
export function forwardWrites(options: ForwardWritesOptions): Middleware {
  const { role, routes, logger } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  return (request, response, next) => {
    const route =
      role.isExclusive && !role.isWriter ? routes.match(request.method, request.path) : undefined;
    const answeredBy =
      route?.operation.answeredBy ?? (isWrite(request.method) ? 'writer' : 'anyone');
    if (!route || answeredBy === 'anyone') {
      next();
      return;
    }
    if (request.specie) {
      request.specie.route = route.path;
    }
    if (request.headers[forwardedHeader] !== undefined) {
      sendProblem(request, response, new Unavailable('writer_unavailable'));
      return;
    }
    role.writerUrl().then(
      (url) => {
        if (url === null) {
          sendProblem(request, response, new Unavailable('writer_unavailable'));
        } else {
          proxy(request, response, { ...options, url, agent });
        }
      },
      (error: unknown) => {
        logger.warn(describeError(error), 'the writer is unknown');
        sendProblem(request, response, new Unavailable('writer_unavailable'));
      },
    );
  };
}

function proxy(
  request: HttpRequest,
  response: HttpResponse,
  options: ForwardWritesOptions & { readonly url: string; readonly agent: Agent },
): void {
  const target = new URL(request.originalUrl, options.url);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !hopHeaders.has(name)),
  );
  const isTls = target.protocol === 'https:';
  const forwarded = (isTls ? httpsRequest : httpRequest)(target, {
    method: request.method,
    headers: {
      ...headers,
      [forwardedHeader]: options.instanceId,
      ...(request.specie ? { 'x-correlation-id': request.specie.correlationId } : {}),
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
    request.unpipe(forwarded);
    request.resume();
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
  response.once('close', () => {
    if (!response.writableFinished) {
      forwarded.destroy();
    }
  });
  request.pipe(forwarded);
}
