export * from './coverage.js';
export * from './days.js';
export * from './provider.commands.js';
export * from './provider.decider.js';
export * from './provider.state.js';
