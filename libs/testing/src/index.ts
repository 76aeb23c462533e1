export * from './breaking-store.js';
export * from './certificates.js';
export * from './database.js';
export * from './event-store-conformance.js';
export * from './trial-commands.js';
export * from './http.js';
export * from './random.js';
export * from './table-digest.js';
