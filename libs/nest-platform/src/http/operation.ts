import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { z } from 'zod';
import type { Role } from '../auth/caller.js';
import type { ViolationLister } from './problem.js';
import { requestStateOf } from './request-state.js';

/** Everything there is to know about a route; authorisation, validation and OpenAPI all follow from it. */
export interface OperationOptions {
  readonly summary: string;
  readonly description?: string;
  /** Who may call: one of these roles, any bearer of a valid token, or anybody. */
  readonly roles: 'public' | 'authenticated' | readonly [Role, ...Role[]];
  /** A `z.strictObject`; values arrive as strings. */
  readonly params?: z.ZodType;
  /** A `z.strictObject`; values arrive as strings. */
  readonly query?: z.ZodType;
  /** A `z.strictObject`. A write without it takes no body or `{}`. */
  readonly body?: z.ZodType;
  /** Encoded with `z.encode`; a field that is not in it never leaves the service. Absent: 204 and no body. */
  readonly response?: z.ZodType;
  /** Status of success; 200, or 201 for POST, or 204 without a response. */
  readonly status?: number;
  /** Status of each refusal; `satisfies Record<Rejection, number>` at the place of definition. */
  readonly rejections?: Readonly<Record<string, number>>;
  /** What a refusal lists, in place of what the refusal texts say of fields. */
  readonly violations?: ViolationLister;
  readonly bodyBytesMax?: number;
  readonly timeoutMs?: number;
  /** Whether an Idempotency-Key is required; true for POST, PUT, PATCH and DELETE. */
  readonly idempotent?: boolean;
  /** The handler returns a string or a stream of this media type instead of JSON. */
  readonly produces?: string;
  /** Who answers where one instance writes: by default reads are answered here and writes by the writer. */
  readonly answeredBy?: 'anyone' | 'writer';
  /** Where it is served if operators have a port of their own; on that of the API unless given. */
  readonly port?: 'management' | 'both';
  /** Answered however busy the service is; only for what is public and costs next to nothing. */
  readonly unlimited?: boolean;
  /** Left out of the OpenAPI document: pages for people. */
  readonly hidden?: boolean;
}

const operationKey = Symbol.for('specie:operation');

/** Registers a route: OpenAPI, authentication, roles, validation, idempotency. Every route must have one. */
export function Operation(options: OperationOptions): MethodDecorator {
  return (_target, _name, descriptor) => {
    Reflect.defineMetadata(operationKey, options, descriptor.value as object);
  };
}

/** The operation of a handler method, if it has one. */
export function operationOf(handler: object): OperationOptions | undefined {
  return Reflect.getMetadata(operationKey, handler) as OperationOptions | undefined;
}

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;

/** The type of `@Input()` for an operation (or the three schemas of one). */
export type InputOf<O extends { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType }> = {
  readonly params: OutputOf<O['params']>;
  readonly query: OutputOf<O['query']>;
  readonly body: OutputOf<O['body']>;
};

/** The validated `{ params, query, body }`. */
export const Input: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => requestStateOf(context).input,
);

/** The `CallerIdentity` of a request that is not public. */
export const Caller: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => requestStateOf(context).caller,
);

/** The `CommandContext` of a write. */
export const Command: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => requestStateOf(context).command,
);
