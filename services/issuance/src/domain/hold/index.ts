export * from './hold.decider.js';
