import type { ServiceName } from '@specie/contracts';
import type { z } from 'zod';
import { roles } from '../auth/caller.js';
import { bodyBytesMaxDefault } from './body.js';
import { idempotencyKeyPattern } from './idempotency.js';
import { exampleOf, wireSchema, type Json } from './openapi-schema.js';
import {
  accessText,
  descriptionOf,
  platformTags,
  problemExample,
  problemSchema,
  serversOf,
  successText,
  type ApiText,
} from './openapi-texts.js';
import { isIdempotent, pathTemplate, successStatus, type Route } from './routes.js';
import { bodyIsOptional } from './validation.js';

/** One path and method of the document, with what the conformance suite needs to know about it. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Json[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: {
      readonly 'application/json': { readonly schema: Json; readonly example?: unknown };
    };
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
  readonly servers: readonly Json[];
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Json;
}

/** Injection token of the running service's OpenAPI document. */
export const OPENAPI_DOCUMENT = Symbol.for('specie:openapi-document');

/** What the document says besides the routes. */
export interface DocumentedService extends ApiText {
  readonly name: ServiceName;
  /** Where it listens on a developer's machine. */
  readonly port: number;
}

/** The document of `routes`; hidden ones are left out. */
export function documentOf(
  { name, port, description, tags }: DocumentedService,
  routes: readonly Route[],
): OpenApiDocument {
  const definitions: Record<string, unknown> = {};
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  const shown = routes.filter(({ operation }) => operation.hidden !== true);
  for (const route of [...shown].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    const path = pathTemplate(route.path);
    (paths[path] ??= {})[route.method.toLowerCase()] = operationObject(route, definitions);
  }
  const tagTexts: Readonly<Record<string, string>> = { ...platformTags, ...tags };
  return {
    openapi: '3.1.0',
    info: {
      title: `Specie ${name}`,
      version: '1',
      description: descriptionOf(description, rolesNamed(shown)),
    },
    servers: serversOf(port),
    tags: [...new Set(shown.map(stemOf))].map((tag) => {
      const text = tagTexts[tag];
      return text === undefined ? { name: tag } : { name: tag, description: text };
    }),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of the issuer; in development from `POST /dev/tokens`.',
        },
      },
      schemas: { Problem: problemSchema, ...definitions },
    },
  };
}

/** In the order in which roles are declared. */
function rolesNamed(routes: readonly Route[]) {
  const named = new Set<string>(
    routes.flatMap(({ operation }) =>
      typeof operation.roles === 'string' ? [] : [...operation.roles],
    ),
  );
  return roles.filter((role) => named.has(role));
}

function operationObject(route: Route, definitions: Record<string, unknown>): OpenApiOperation {
  const { operation } = route;
  const isPublic = operation.roles === 'public';
  return {
    operationId: `${stemOf(route)}_${route.handler}`,
    summary: operation.summary,
    description: [operation.description, accessText(operation.roles)].filter(Boolean).join('\n\n'),
    tags: [stemOf(route)],
    parameters: parametersOf(route, definitions),
    ...(operation.body
      ? {
          requestBody: {
            required: !bodyIsOptional(operation.body),
            content: { 'application/json': contentOf(operation.body, definitions) },
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
              'A new key for every new request, the same key for its repeats. Scoped to the caller and the path.',
            example: '5f1c9a3e-first-try',
            schema: { type: 'string', pattern: idempotencyKeyPattern.source, maxLength: 128 },
          },
        ]
      : []),
    {
      name: 'X-Correlation-Id',
      in: 'header',
      required: false,
      description:
        'Correlates everything that this request causes. A UUID; if it is absent or not a UUID, the service generates one.',
      example: '0192d1a0-7b5e-7c3d-8e4f-0000000000ff',
      schema: { type: 'string' },
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
    ...(property['description'] === undefined ? {} : { description: property['description'] }),
    example: exampleOf(property),
    schema: property,
  }));
}

function responsesOf(route: Route, definitions: Record<string, unknown>): Record<string, Json> {
  const { response, produces } = route.operation;
  const responses: Record<string, Json> = {
    [String(successStatus(route))]: {
      description: successText(successStatus(route)),
      headers: {
        'X-Correlation-Id': {
          description: 'The correlation id of everything that this request caused.',
          schema: { type: 'string', format: 'uuid' },
        },
        ...(isIdempotent(route)
          ? {
              'Idempotency-Hit': { description: '`true` on a repeat.', schema: { type: 'string' } },
            }
          : {}),
      },
      ...(produces !== undefined
        ? { content: { [produces]: { schema: { type: 'string' } } } }
        : {}),
      ...(response ? { content: { 'application/json': contentOf(response, definitions) } } : {}),
    },
  };
  for (const [status, codes] of problemsOf(route)) {
    responses[String(status)] = {
      description: codes.join(', '),
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          example: problemExample(status, codes[0] ?? ''),
        },
      },
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

function contentOf(
  schema: z.ZodType,
  definitions: Record<string, unknown>,
): { readonly schema: Json; readonly example: unknown } {
  const wire = wireSchema(schema, definitions);
  return { schema: wire, example: exampleOf(wire) };
}

function stemOf(route: Route): string {
  const stem = route.controller.replace(/Controller$/, '');
  return stem.charAt(0).toLowerCase() + stem.slice(1);
}
