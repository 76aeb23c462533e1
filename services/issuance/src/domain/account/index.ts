export * from './account.commands.js';
export * from './account.decider.js';
export * from './account.state.js';
export { isLocked, totalOf, type Draw, type Lot } from './lots.js';
