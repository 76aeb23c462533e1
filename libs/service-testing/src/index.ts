export {
  conformanceChecks,
  describeApiConformance,
  type ConformanceCheck,
} from './api-conformance.js';
export { unexplained, wrongExamples } from './documentation.js';
export type { ApiConformanceOptions } from './operation-suite.js';
export { stateOf, type ServiceState } from './service-state.js';
export { ServiceWorld, type Actor, type WorldOptions } from './service-world.js';
export { comparePreviews, describePreviews, type Previews } from './previews.js';
export { describeTables } from './tables-suite.js';
