/** Injection token of the running service's OpenAPI document. */
export const OPENAPI_DOCUMENT = Symbol.for('specie:openapi-document');
