import { reject, type Decision, type Handled } from '@specie/event-sourcing';
import {
  answerOf,
  Problem,
  refusalText,
  type RefusalTexts,
  type WriteResponse,
} from '@specie/nest-platform';
import type { FullDecision } from '../domain/party/full-decision.js';
import type { PartyEvent } from '../domain/party/party.decider.js';
import { complianceRefusals } from './refusals.js';
import { violationNumbers } from './rejection-status.js';

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
    detail: codes.map(sentencesFor).join(' '),
    repeated: handled.repeated,
    violations: codes.map((code) => {
      const number = numbers[code];
      const fix = sentencesFor(code);
      return { path: 'partyId', code, message: number === undefined ? fix : `${fix} (${number})` };
    }),
  });
}

function sentencesFor(code: string): string {
  const texts: RefusalTexts = complianceRefusals;
  return refusalText(texts[code] ?? [], {}).detail ?? '';
}
