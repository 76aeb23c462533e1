export * from './settle-together.js';
export * from './withdrawal.decider.js';
