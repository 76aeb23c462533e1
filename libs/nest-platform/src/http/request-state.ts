import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { CommandContext, JsonValue } from '@specie/event-sourcing';
import type { CallerIdentity } from '../auth/caller.js';
import type { Lifetime } from './lifetime.js';
import type { ViolationLister } from './problem.js';

/** The validated input of a request. */
export interface RequestInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** What the platform knows about the request it is serving. */
export interface RequestState {
  readonly correlationId: string;
  readonly startedAtMs: number;
  readonly lifetime: Lifetime;
  /** Route template such as `/accounts/:accountId`; never the address itself, which may carry what a user typed. */
  route: string | undefined;
  caller: CallerIdentity | undefined;
  input: RequestInput | undefined;
  command: CommandContext | undefined;
  /** That of the operation. */
  violations: ViolationLister | undefined;
  /** The answer of a handled command: already in wire form, so it is not encoded again. */
  wireAnswer: { readonly body: JsonValue; readonly repeated: boolean } | undefined;
  /** Code of the problem it was answered with. */
  problemCode: string | undefined;
}

/** The request of Express, as far as the platform uses it. */
export interface HttpRequest extends IncomingMessage {
  readonly originalUrl: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string | string[]>>;
  readonly query: unknown;
  readonly route?: { readonly path: unknown };
  specie?: RequestState;
}

/** The response of Express, as far as the platform uses it. */
export interface HttpResponse extends ServerResponse {
  status(code: number): this;
  json(body: unknown): this;
  send(body: unknown): this;
}

const storage = new AsyncLocalStorage<RequestState>();

/** Runs `work` with `state` as the current request. */
export function withRequest<T>(state: RequestState, work: () => T): T {
  return storage.run(state, work);
}

/** The request being served here, if any. */
export function currentRequest(): RequestState | undefined {
  return storage.getStore();
}

/** The state the platform attached to the request of a handler. @throws outside HTTP. */
export function requestStateOf(context: ExecutionContext): RequestState {
  const state = context.switchToHttp().getRequest<HttpRequest>().specie;
  if (!state) {
    throw new Error(
      'the request has no platform state; the service was not started by the platform',
    );
  }
  return state;
}
