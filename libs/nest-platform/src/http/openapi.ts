import { z } from 'zod';
import type { ServiceDefinition } from '../definition.js';
import { platformControllers } from '../operations/platform-controllers.js';
import { bodyBytesMaxDefault } from './body.js';
import { idempotencyKeyPattern } from './idempotency.js';
import { isIdempotent, routesOf, successStatus, type Route } from './routes.js';

type Json = { readonly [key: string]: unknown };

/** One path and method of the document, with what the conformance suite needs to know about it. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Json[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: { readonly 'application/json': { readonly schema: Json } };
  };
  readonly responses: Readonly<Record<string, Json>>;
  readonly security: readonly Json[];
  /** `public`, `authenticated` or the roles of which one is needed. */
  readonly 'x-specie-roles': string | readonly string[];
  readonly 'x-specie-body-bytes-max'?: number;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Json;
}

/** The OpenAPI 3.1 document of a service, from the schemas that validate its requests; needs no database. */
export function openApiOf(
  definition: Pick<ServiceDefinition, 'name' | 'controllers'>,
  options: { readonly authMode?: 'development' | 'oidc' } = {},
): OpenApiDocument {
  const controllers = [
    ...definition.controllers,
    ...platformControllers(options.authMode ?? 'development'),
  ];
  return documentOf(definition.name, routesOf(controllers));
}

/** The document of `routes`; hidden ones are left out. */
export function documentOf(service: string, routes: readonly Route[]): OpenApiDocument {
  const definitions: Record<string, unknown> = {};
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  const shown = routes.filter(({ operation }) => operation.hidden !== true);
  for (const route of [...shown].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operationObject(route, definitions);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `Specie ${service}`,
      version: '1',
      description:
        'Quantities are decimal strings, instants are UTC. Errors are RFC 9457 problems with a code. ' +
        'A write is repeated safely with the same Idempotency-Key.',
    },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema, ...definitions },
    },
  };
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'instance'],
  properties: {
    type: { type: 'string', description: 'urn:specie:problem:<code>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', pattern: '^[a-z][a-z0-9_]*$' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The correlation id as urn:uuid' },
    violations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: {
          path: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
};

function operationObject(route: Route, definitions: Record<string, unknown>): OpenApiOperation {
  const { operation } = route;
  const isPublic = operation.roles === 'public';
  return {
    operationId: `${stemOf(route)}_${route.handler}`,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [stemOf(route)],
    parameters: parametersOf(route, definitions),
    ...(operation.body
      ? {
          requestBody: {
            required: !operation.body.safeParse(undefined).success,
            content: { 'application/json': { schema: wireSchema(operation.body, definitions) } },
          },
          'x-specie-body-bytes-max': operation.bodyBytesMax ?? bodyBytesMaxDefault,
        }
      : {}),
    responses: responsesOf(route, definitions),
    security: isPublic ? [] : [{ bearer: [] }],
    'x-specie-roles': operation.roles,
  };
}

function parametersOf(route: Route, definitions: Record<string, unknown>): readonly Json[] {
  const { params, query } = route.operation;
  return [
    ...propertiesOf(params, 'path', definitions),
    ...propertiesOf(query, 'query', definitions),
    ...(isIdempotent(route)
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            description:
              'New for every new request, the same for its repeats; scoped to the caller and the path.',
            schema: { type: 'string', pattern: idempotencyKeyPattern.source, maxLength: 128 },
          },
        ]
      : []),
    {
      name: 'X-Correlation-Id',
      in: 'header',
      required: false,
      description: 'Ties everything this request sets in motion together; made up when absent.',
      schema: { type: 'string', format: 'uuid' },
    },
  ];
}

function propertiesOf(
  schema: z.ZodType | undefined,
  place: 'path' | 'query',
  definitions: Record<string, unknown>,
): readonly Json[] {
  if (!schema) {
    return [];
  }
  const { properties = {}, required = [] } = wireSchema(schema, definitions) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function responsesOf(route: Route, definitions: Record<string, unknown>): Record<string, Json> {
  const { response, produces } = route.operation;
  const responses: Record<string, Json> = {
    [String(successStatus(route))]: {
      description: 'Done',
      headers: {
        'X-Correlation-Id': { schema: { type: 'string', format: 'uuid' } },
        ...(isIdempotent(route)
          ? { 'Idempotency-Hit': { description: 'true on a repeat', schema: { type: 'string' } } }
          : {}),
      },
      ...(produces !== undefined
        ? { content: { [produces]: { schema: { type: 'string' } } } }
        : {}),
      ...(response
        ? { content: { 'application/json': { schema: wireSchema(response, definitions) } } }
        : {}),
    },
  };
  for (const [status, codes] of problemsOf(route)) {
    responses[String(status)] = {
      description: codes.join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      'x-specie-codes': codes,
    };
  }
  return responses;
}

/** The codes by status that a client of the route must be ready for. */
function problemsOf(route: Route): readonly (readonly [number, readonly string[]])[] {
  const { operation } = route;
  const codes = new Map<number, Set<string>>();
  const add = (status: number, ...added: readonly string[]): void => {
    codes.set(status, new Set([...(codes.get(status) ?? []), ...added]));
  };
  add(400, 'request_invalid');
  if (operation.unlimited !== true) {
    add(429, 'rate_limited', 'too_many_in_flight');
    add(503, 'overloaded', 'request_timed_out');
  }
  if (operation.roles !== 'public') {
    add(401, 'token_missing', 'token_invalid', 'token_expired');
    add(429, 'authentication_throttled');
  }
  if (typeof operation.roles !== 'string') {
    add(403, 'role_missing');
  }
  if (route.method !== 'GET') {
    add(400, 'body_malformed');
    add(408, 'body_too_slow');
    add(413, 'body_too_large');
    add(415, 'media_type_unsupported');
    add(503, 'writer_unavailable', 'store_unavailable');
  }
  if (isIdempotent(route)) {
    add(400, 'idempotency_key_missing', 'idempotency_key_invalid');
    add(409, 'idempotency_key_in_use');
    add(422, 'idempotency_key_reused');
  }
  for (const [code, status] of Object.entries(operation.rejections ?? {})) {
    add(status, code);
  }
  return [...codes].sort(([a], [b]) => a - b).map(([status, set]) => [status, [...set]] as const);
}

/** The JSON Schema of what travels: the input side of a codec, in requests and in encoded responses alike. */
function wireSchema(schema: z.ZodType, definitions: Record<string, unknown>): Json {
  const {
    $schema: _dialect,
    $defs,
    ...own
  } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  if (!$defs) {
    return own;
  }
  const moved = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'));
  Object.assign(definitions, moved($defs));
  return moved(own) as Json;
}

function stemOf(route: Route): string {
  const stem = route.controller.replace(/Controller$/, '');
  return stem.charAt(0).toLowerCase() + stem.slice(1);
}
