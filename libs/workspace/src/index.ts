export * from './command-line.js';
export * from './repository.js';
export * from './sample.js';
