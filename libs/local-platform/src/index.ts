export * from './failure.js';
export * from './kafka.js';
export * from './platform.js';
export * from './ports.js';
export * from './postgres.js';
export * from './service-process.js';
