export * from './reservation.commands.js';
export * from './reservation.decider.js';
export * from './reservation.state.js';
export * from './usage-interval.js';
