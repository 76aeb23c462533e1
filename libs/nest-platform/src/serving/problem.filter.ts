import { HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { isConnectionLoss } from '@specie/postgres-event-store';
import { describeError, type Logger } from '../logging.js';
import type { Metrics } from '../metrics.js';
import { Problem, titleOf, Unavailable, type FieldViolation } from '../http/problem.js';
import { platformRefusals, refusalText, type RefusalTexts } from '../http/refusals.js';
import type { HttpRequest, HttpResponse } from '../http/request-state.js';
import type { RouteTable } from '../http/routes.js';

/** A JSON body with a status of its own that is not an error of the request, such as "not ready". */
export class StatusReply extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`reply ${status}`);
    this.status = status;
    this.body = body;
  }
}

export interface ProblemFilterOptions {
  readonly routes: RouteTable;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What the service says of its own refusals. */
  readonly refusals: RefusalTexts;
}

/** Renders every error of HTTP as RFC 9457 problem+json. */
export class ProblemFilter implements ExceptionFilter {
  private readonly routes: RouteTable;
  private readonly logger: Logger;
  private readonly metrics: Metrics;
  private readonly refusals: RefusalTexts;

  constructor({ routes, logger, metrics, refusals }: ProblemFilterOptions) {
    this.routes = routes;
    this.logger = logger;
    this.metrics = metrics;
    this.refusals = { ...platformRefusals, ...refusals };
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const response = http.getResponse<HttpResponse>();
    if (response.headersSent) {
      this.logger.error(describeError(exception), 'error after the answer began');
      response.destroy();
      return;
    }
    if (exception instanceof StatusReply) {
      response.status(exception.status).json(exception.body);
      return;
    }
    const problem = this.problemOf(exception, request);
    if (problem.status >= 500) {
      this.logger.error({ ...describeError(exception), code: problem.code }, 'request failed');
    }
    this.metrics.problems.inc({ code: problem.code });
    sendProblem(request, response, problem, this.refusals);
  }

  private problemOf(exception: unknown, request: HttpRequest): Problem {
    if (exception instanceof Problem) {
      return exception;
    }
    if (exception instanceof Error && exception.name === 'EventStoreUnavailableError') {
      return new Unavailable('store_unavailable');
    }
    if (exception instanceof Error && exception.cause instanceof URIError) {
      return new Problem(400, 'path_malformed');
    }
    if (exception instanceof HttpException && exception.getStatus() === 404) {
      return this.noSuchRoute(request);
    }
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    if (status >= 400 && status < 500) {
      return status === 400
        ? new Problem(status, 'request_malformed')
        : new Problem(status, `http_${status}`, {
            detail:
              'The request cannot be served as sent; /docs describes the input of the operation.',
          });
    }
    if (status === 503) {
      return new Unavailable('shutting_down');
    }
    return isConnectionLoss(exception)
      ? new Unavailable('database_unavailable')
      : new Problem(500, 'internal_error');
  }

  private noSuchRoute(request: HttpRequest): Problem {
    const allowed = this.routes.methodsOf(request.path);
    return allowed.length > 0
      ? new Problem(405, 'method_not_allowed', { headers: { Allow: allowed.join(', ') } })
      : new Problem(404, 'route_unknown');
  }
}

/** Writes the problem; `instance` is the correlation id to quote when asking for help. */
export function sendProblem(
  request: HttpRequest,
  response: HttpResponse,
  problem: Problem,
  refusals: RefusalTexts = platformRefusals,
): void {
  const { detail, violations } = saidOf(problem, refusals);
  const state = request.specie;
  if (state) {
    state.problemCode = problem.code;
  }
  for (const [name, value] of Object.entries(problem.headers)) {
    response.setHeader(name, value);
  }
  if (problem.repeated) {
    response.setHeader('Idempotency-Hit', 'true');
  }
  response.statusCode = problem.status;
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.end(
    JSON.stringify({
      type: `urn:specie:problem:${problem.code}`,
      title: titleOf(problem.code),
      status: problem.status,
      code: problem.code,
      ...(detail === undefined ? {} : { detail }),
      instance: `urn:uuid:${state?.correlationId ?? ''}`,
      ...(violations.length > 0 ? { violations } : {}),
      ...(Object.keys(problem.details).length > 0 ? { details: problem.details } : {}),
    }),
  );
}

/** What to do about a problem: what it says itself, or else what stands for its code and for every further violated rule. */
function saidOf(
  problem: Problem,
  refusals: RefusalTexts,
): { readonly detail: string | undefined; readonly violations: readonly FieldViolation[] } {
  const rules = [{ code: problem.code, details: problem.details }, ...problem.alsoViolated];
  const said = rules.map(({ code, details }) => refusalText(refusals[code] ?? [], details ?? {}));
  const sentences = said.flatMap(({ detail }) => detail ?? []);
  return {
    detail: problem.detail ?? (sentences.length > 0 ? sentences.join(' ') : undefined),
    violations:
      problem.violations.length > 0
        ? problem.violations
        : said.flatMap(({ violations }) => violations),
  };
}
