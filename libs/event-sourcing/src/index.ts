export * from './command-handler.js';
export * from './decider.js';
export * from './event-store.js';
export * from './events.js';
export * from './in-memory-event-store.js';
export * from './json.js';
export * from './keyed-queue.js';
export * from './stored-answer.js';
