export * from './company.commands.js';
export * from './company.decider.js';
export * from './company.state.js';
