import type { z } from 'zod';
import {
  openApiOf,
  pathTemplate,
  serviceRoutes,
  successStatus,
  type OpenApiDocument,
  type OpenApiOperation,
  type Route,
  type ServiceDefinition,
} from '@specie/nest-platform';
import { typeOf, type JsonSchema } from './json-schema.js';

/** Every tag, operation, parameter, header and field of the document that nothing is said about. */
export function unexplained(document: OpenApiDocument): readonly string[] {
  const tags = document.tags.filter(({ description }) => !description).map(({ name }) => name);
  const { schemas = {} } = document.components as {
    readonly schemas?: Readonly<Record<string, ExplainedSchema>>;
  };
  return [
    ...tags.map((name) => `tag ${name}`),
    ...Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) =>
        unexplainedOf(operation).map((what) => `${method.toUpperCase()} ${path}: ${what}`),
      ),
    ),
    ...Object.entries(schemas).flatMap(([name, schema]) => unexplainedFields(schema, name)),
  ];
}

/** The examples of the service's operations that their own schemas refuse, and the bodies without one. */
export function wrongExamples(definition: ServiceDefinition): readonly string[] {
  const document = openApiOf(definition);
  return serviceRoutes(definition, 'development')
    .filter(({ operation }) => operation.hidden !== true)
    .flatMap((route) => {
      const path = pathTemplate(route.path);
      const operation = document.paths[path]?.[route.method.toLowerCase()];
      const faults = operation ? faultsOf(route, operation) : ['not in the document'];
      return faults.map((fault) => `${route.method} ${path}: ${fault}`);
    });
}

interface ExplainedSchema extends JsonSchema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

function unexplainedOf(operation: OpenApiOperation): readonly string[] {
  const parts: readonly (readonly [string, unknown])[] = [
    ['description', operation.description],
    ...operation.parameters.map(
      ({ name, description }) => [`parameter ${String(name)}`, description] as const,
    ),
    ...Object.entries(operation.responses).flatMap(([status, response]) => {
      const headers = (response['headers'] ?? {}) as Readonly<Record<string, ExplainedSchema>>;
      return [
        [`response ${status}`, response['description']] as const,
        ...Object.entries(headers).map(
          ([name, header]) => [`header ${name} of ${status}`, header.description] as const,
        ),
      ];
    }),
  ];
  const bodies = [
    ['body', operation.requestBody?.content['application/json'].schema] as const,
    ...Object.entries(operation.responses).map(
      ([status, response]) => [`answer ${status}`, jsonContentOf(response)?.schema] as const,
    ),
  ];
  return [
    ...parts.filter(([, text]) => !text).map(([name]) => name),
    ...bodies.flatMap(([name, schema]) =>
      schema ? unexplainedFields(schema as ExplainedSchema, name) : [],
    ),
  ];
}

function unexplainedFields(schema: ExplainedSchema, path: string): readonly string[] {
  const forms = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const { additionalProperties: values } = schema;
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
      ...unexplainedField(property, `${path}.${name}`),
      ...unexplainedFields(property, `${path}.${name}`),
    ]),
    ...(schema.items ? unexplainedFields(schema.items, `${path}[]`) : []),
    ...(typeof values === 'object' ? unexplainedFields(values, `${path}{}`) : []),
    ...forms.flatMap((form) => unexplainedFields(form, path)),
  ];
}

function unexplainedField(field: ExplainedSchema, path: string): readonly string[] {
  if (field.$ref !== undefined) return [];
  const form: ExplainedSchema = field.anyOf?.find(({ type }) => type !== 'null') ?? field;
  const isOpen = ['string', 'integer', 'number'].includes(typeOf(form));
  const hasExample = !isOpen || (form.examples ?? form.enum ?? form.const) !== undefined;
  return [
    ...(field.description ? [] : [`${path} (no description)`]),
    ...(hasExample ? [] : [`${path} (no example)`]),
  ];
}

function faultsOf({ operation, ...route }: Route, shown: OpenApiOperation): readonly string[] {
  const valuesIn = (place: string): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      shown.parameters
        .filter((parameter) => parameter['in'] === place)
        .map(({ name, example }) => [String(name), example]),
    );
  const answer = shown.responses[String(successStatus({ ...route, operation }))];
  const examples: readonly (readonly [string, z.ZodType | undefined, unknown])[] = [
    ['path parameters', operation.params, valuesIn('path')],
    ['query parameters', operation.query, valuesIn('query')],
    ['body', operation.body, shown.requestBody?.content['application/json'].example],
    ['answer', operation.response, jsonContentOf(answer)?.example],
  ];
  return [
    ...Object.entries({ ...valuesIn('path'), ...valuesIn('query') })
      .filter(([, value]) => value === undefined)
      .map(([name]) => `parameter ${name} has no example`),
    ...examples.flatMap(([name, schema, example]) =>
      (schema?.safeParse(example).error?.issues ?? []).map(
        ({ path, message }) => `example of ${name}, ${path.join('.')}: ${message}`,
      ),
    ),
  ];
}

function jsonContentOf(
  response: { readonly [key: string]: unknown } | undefined,
): { readonly schema: unknown; readonly example?: unknown } | undefined {
  const content = response?.['content'] as
    Readonly<Record<string, { readonly schema: unknown; readonly example?: unknown }>> | undefined;
  return content?.['application/json'];
}
