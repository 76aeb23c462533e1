export { describeApiConformance, type ApiConformanceOptions } from './api-conformance.js';
export { stateOf, type ServiceState } from './service-state.js';
