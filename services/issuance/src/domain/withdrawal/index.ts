export * from './withdrawal.decider.js';
