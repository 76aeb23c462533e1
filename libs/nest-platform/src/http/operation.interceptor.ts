import { Readable } from 'node:stream';
import {
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import {
  codeOf,
  repeatOf,
  type CommandContext,
  type EventStore,
  type Idempotency,
  type StoredAnswer,
} from '@specie/event-sourcing';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import type { Clock } from '../clock.js';
import { derivedId } from '@specie/contracts/ids';
import { bodyBytesMaxDefault, parseBody, readBody } from './body.js';
import { Deadline } from './deadline.js';
import { refusedWith } from './answer.js';
import { idempotencyKeyOf, idempotencyOf, type RequestsInFlight } from './idempotency.js';
import { BadRequest, Unavailable, Unprocessable, type FieldViolation } from './problem.js';
import {
  withRequest,
  type HttpRequest,
  type HttpResponse,
  type RequestState,
} from './request-state.js';
import { isIdempotent, type Route } from './routes.js';
import type { Slots } from './slots.js';
import { bodyIsOptional, validateInput } from './validation.js';

export interface OperationInterceptorOptions {
  readonly routes: readonly Route[];
  readonly clock: Clock;
  readonly store: EventStore;
  readonly requestsInFlight: RequestsInFlight;
  readonly slots: Slots;
  readonly timeoutMs: number;
  /** Keys the hashes of bodies that are stored to know a repeat. */
  readonly requestHashKey: Buffer;
}

/** Does what the operation of a route declares: reads and validates input, makes a repeat a repeat, encodes the answer. */
export class OperationInterceptor implements NestInterceptor {
  private readonly options: OperationInterceptorOptions;
  private readonly routeOf: ReadonlyMap<object, Route>;

  constructor(options: OperationInterceptorOptions) {
    this.options = options;
    this.routeOf = new Map(options.routes.map((route) => [route.handlerFunction, route]));
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.run(context, next));
  }

  private async run(context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const route = this.routeOf.get(context.getHandler());
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const response = context.switchToHttp().getResponse<HttpResponse>();
    const state = request.specie;
    if (!route || !state) {
      throw new Error('a route outside the operation registry was called');
    }
    state.route = route.path;
    state.violations = route.operation.violations;
    const idempotent = isIdempotent(route);
    const key = idempotent ? idempotencyKeyOf(request.headers['idempotency-key']) : '';
    const timeoutMs = route.operation.timeoutMs ?? this.options.timeoutMs;
    const deadline = new Deadline(state.startedAtMs, timeoutMs);
    const { input, rawBody } = await readInput(route, request, deadline);
    state.input = input;
    if (state.lifetime.isOver) {
      throw new BadRequest('request_aborted');
    }
    if (!route.operation.unlimited) {
      this.options.slots.takeShared(state.lifetime);
    }
    const call = async (): Promise<unknown> => {
      const result = await withRequest(state, () =>
        lastValueFrom<unknown, undefined>(next.handle(), { defaultValue: undefined }),
      );
      return encode(route, state, response, result);
    };
    if (!idempotent) {
      return this.inTime(deadline, state, call());
    }
    const idempotency = idempotencyOf({
      hashKey: this.options.requestHashKey,
      key,
      actor: state.caller?.partyId ?? 'public',
      method: route.method,
      path: filledPath(route, request),
      query: request.query,
      body: rawBody,
    });
    // The key stays in use until the work has really ended, also when the client was told that it took too long.
    const work = this.options.requestsInFlight.only(idempotency, async () => {
      const { scope } = idempotency;
      const stored = await this.options.store.findAnswer(scope, key);
      const replayed = stored && replay(route, stored, idempotency, response);
      if (replayed) {
        return replayed.body;
      }
      state.command = commandContext(state, idempotency, {
        now: this.options.clock.now(),
        earlierAnswer: stored,
      });
      return call();
    });
    return this.inTime(deadline, state, work);
  }

  /** The slots stay taken until the work has really ended, also when the client was told otherwise or is gone. */
  private inTime<T>(deadline: Deadline, state: RequestState, work: Promise<T>): Promise<T> {
    const release = state.lifetime.hold();
    work.then(release, release);
    return deadline.limit(work, () => new Unavailable('request_timed_out'));
  }
}

async function readInput(
  route: Route,
  request: HttpRequest,
  deadline: Deadline,
): Promise<{ readonly input: RequestState['input']; readonly rawBody: unknown }> {
  const { operation } = route;
  const takesBody = route.method !== 'GET';
  const bytes = takesBody
    ? await readBody(request, operation.bodyBytesMax ?? bodyBytesMaxDefault, deadline)
    : undefined;
  const sent = bytes && parseBody(bytes);
  // No body and {} are the same request, also to the idempotency key.
  const isLeftOut = sent === undefined && operation.body && bodyIsOptional(operation.body);
  const rawBody = isLeftOut ? {} : sent;
  const params = validateInput('params', operation.params, { ...request.params });
  const query = validateInput('query', operation.query, { ...(request.query as object) });
  const body = takesBody
    ? validateInput('body', operation.body, rawBody)
    : validateInput('body', undefined, undefined);
  if (params.ok && query.ok && body.ok) {
    return { input: { params: params.value, query: query.value, body: body.value }, rawBody };
  }
  const violations: FieldViolation[] = [params, query, body].flatMap((part) =>
    part.ok ? [] : part.violations,
  );
  throw new BadRequest('request_invalid', violations);
}

/**
 * What an earlier request with this key was answered, if it is known in full.
 *
 * @throws Problem as which the earlier request was refused, or `idempotency_key_reused`
 */
function replay(
  { operation }: Route,
  stored: StoredAnswer,
  idempotency: Idempotency,
  response: HttpResponse,
): { readonly body: unknown } | null {
  const earlier = repeatOf<string>(stored, idempotency);
  switch (earlier.outcome) {
    case 'conflicting_repeat':
      throw new Unprocessable('idempotency_key_reused');
    case 'rejected': {
      const { rejections = {} } = operation;
      // An unknown code is left to the handler, which has its own map of rejections.
      if (rejections[codeOf(earlier)] === undefined) {
        return null;
      }
      throw refusedWith(earlier, rejections, operation.violations);
    }
    case 'accepted': {
      const { response: schema } = operation;
      // A handler may answer more than the command stored; then only running it again knows the answer.
      if (schema && !schema.safeParse(earlier.answer).success) {
        return null;
      }
      response.setHeader('Idempotency-Hit', 'true');
      return { body: schema ? earlier.answer : undefined };
    }
  }
}

function commandContext(
  state: RequestState,
  idempotency: Idempotency,
  known: Pick<CommandContext, 'now' | 'earlierAnswer'>,
): CommandContext {
  const commandId = derivedId('command', idempotency.scope, idempotency.key);
  return {
    commandId,
    ...known,
    actor: state.caller?.partyId ?? 'public',
    correlationId: state.correlationId,
    causationId: commandId,
    idempotency,
  };
}

/** The path with its parameters, in one spelling whatever the client's was. */
function filledPath(route: Route, request: HttpRequest): string {
  return route.path.replace(/:(\w+)/g, (_match, name: string) =>
    encodeURIComponent(String(request.params[name])),
  );
}

/** The body in wire form. Answers of commands are in wire form already; they are still held to the schema. */
function encode(
  route: Route,
  state: RequestState,
  response: HttpResponse,
  result: unknown,
): unknown {
  const { response: schema, produces } = route.operation;
  if (state.wireAnswer?.repeated) {
    response.setHeader('Idempotency-Hit', 'true');
  }
  if (produces !== undefined) {
    return raw(result, produces, response);
  }
  if (!schema) {
    return undefined;
  }
  if (state.wireAnswer && state.wireAnswer.body === result) {
    schema.parse(result);
    return result;
  }
  return z.encode(schema, result);
}

function raw(result: unknown, mediaType: string, response: HttpResponse): unknown {
  if (result instanceof Readable) {
    return new StreamableFile(result, { type: mediaType });
  }
  response.setHeader('Content-Type', mediaType);
  return result;
}
