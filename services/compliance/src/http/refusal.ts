import { reject, type Decision, type Handled } from '@specie/event-sourcing';
import { answerOf, Problem, type WriteResponse } from '@specie/nest-platform';
import type { FullDecision } from '../domain/party/full-decision.js';
import type { PartyEvent } from '../domain/party/party.decider.js';
import { violationNumbers } from './rejection-status.js';

const howToFix: Readonly<Record<string, string>> = {
  party_unknown: 'Register the party first.',
  screening_unknown: 'Resolve the latest screening of the party; its case names it.',
  no_open_alert: 'There is nothing to resolve: the screening was clear or is resolved already.',
  not_frozen: 'There is no freeze to end.',
  subject_frozen: 'End the freeze first.',
  kyc_missing: 'File the evidence that identifies this kind of party.',
  kyc_expired: 'File evidence that has not expired.',
  accreditation_expired: 'File accreditation that has not expired.',
  evidence_changed: 'Read the case again and approve the evidenceHash it shows now.',
  sanctions_list_missing: 'Load a sanctions list: none is in force, so nobody can be cleared.',
  screening_missing: 'Screen the party first.',
  screening_stale: 'The list is newer than the screening: screen again.',
  screening_pending: 'Resolve the open alert first.',
  sanctions_hit: 'The last screening is a true match.',
  self_approval: 'Somebody else must decide: you are this party, or you registered it.',
  four_eyes_required: 'Somebody else must decide: you filed evidence of this party.',
};

const separator = '+';

/**
 * The decision with all violated rules in its code, so that they are stored as its answer and a repeated
 * request is refused for the same reasons, whatever has changed since. The closing separator keeps such a
 * code apart from a plain one, which would be answered without its violations.
 */
export function withAllInCode<R extends string>(
  decision: FullDecision<R>,
): Decision<PartyEvent, string> {
  return decision.outcome === 'rejected'
    ? reject(decision.violations.join(separator) + separator)
    : decision;
}

/** The answer of a command whose refusal lists every violated rule. */
export function answerWithAll<R extends string>(
  handled: Handled<string>,
  statuses: Readonly<Record<R, number>>,
): WriteResponse {
  if (handled.outcome !== 'rejected') {
    return answerOf(handled, statuses);
  }
  const codes = handled.code.split(separator).filter(Boolean) as R[];
  const [first] = codes;
  if (first === undefined) {
    throw new Error('a refusal without a code');
  }
  const numbers: Readonly<Record<string, number | undefined>> = violationNumbers;
  throw new Problem(statuses[first], first, {
    repeated: handled.repeated,
    violations: codes.map((code) => {
      const number = numbers[code];
      const fix = howToFix[code] ?? 'See the code.';
      return { path: 'partyId', code, message: number === undefined ? fix : `${fix} (${number})` };
    }),
  });
}
