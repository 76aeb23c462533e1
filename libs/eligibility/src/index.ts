export {
  EligibilityDirectory,
  type EligibilityDirectoryOptions,
  type EligibleAction,
  type PartyStanding,
  type TimedStanding,
} from './eligibility.js';
export { EligibilityQuery, type OwnEligibility } from './eligibility-query.js';
export { eligibilitySubject } from './eligibility.subject.js';
export { ownIneligibility } from './ineligibility.js';
