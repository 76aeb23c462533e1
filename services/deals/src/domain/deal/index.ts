export * from './deal.commands.js';
export * from './deal.decider.js';
export * from './deal.state.js';
export { canonicalTerms, outstandingAndNewShares } from './terms.js';
