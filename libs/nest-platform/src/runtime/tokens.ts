import type { ServiceDefinition } from '../definition.js';
import type { OpenApiDocument } from '../http/openapi.js';

/** Injection token of the running service's OpenAPI document. */
export const OPENAPI_DOCUMENT = Symbol.for('specie:openapi-document');

/** Injection token of the function that tells how far publishing is behind, in events. */
export const RELAY_LAG = Symbol.for('specie:relay-lag');
export type RelayLag = () => Promise<number>;

export type { OpenApiDocument, ServiceDefinition };
