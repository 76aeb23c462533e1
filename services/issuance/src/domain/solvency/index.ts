export * from './coverage.js';
export * from './days.js';
