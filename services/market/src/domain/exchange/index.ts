export * from './exchange.commands.js';
export * from './exchange.decider.js';
export * from './exchange.state.js';
export { match } from './matching.js';
export { ordersWithin } from './order-queue.js';
export * from './chosen-ids.js';
