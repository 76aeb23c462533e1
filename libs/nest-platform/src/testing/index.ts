export {
  conformanceChecks,
  describeApiConformance,
  type ApiConformanceOptions,
  type ConformanceCheck,
} from './api-conformance.js';
export { unexplained, wrongExamples } from './documentation.js';
export { stateOf, type ServiceState } from './service-state.js';
export { ServiceWorld, type Actor, type WorldOptions } from './service-world.js';
