export { BareMatcher } from './bare-matcher.js';
export * from './w1.js';
export {
  accountsOfW1,
  openW1,
  W1Commands,
  W1_COMMAND_WIDTH,
  W1_CONFIG,
  W1_LIMITS,
} from './w1-commands.js';
