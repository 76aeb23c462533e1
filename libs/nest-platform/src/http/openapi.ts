import type { ServiceDefinition } from '../definition.js';

/** The OpenAPI 3.1 document of a service; needs no database. */
export function openApiOf(definition: ServiceDefinition): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: { title: `Specie ${definition.name}`, version: '1' },
    paths: {},
  };
}
