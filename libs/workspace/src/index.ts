export * from './repository.js';
export * from './sample.js';
