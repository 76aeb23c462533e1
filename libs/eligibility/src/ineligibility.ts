import type { ViolationDetails } from '@specie/event-sourcing';
import type { EligibleAction, Ineligibility, PartyStanding } from './eligibility.js';

const reasons: Readonly<Record<Ineligibility, (action: EligibleAction) => string>> = {
  unknown: () =>
    'No approval of your party has arrived here: register the party with compliance and have it approved; if it is ' +
    'approved, send the request again in a moment.',
  // The party learns of a review, never of a freeze or its reason.
  frozen: () => 'Compliance is reviewing your party; nothing is allowed until it has decided.',
  expired: () =>
    'Your approval ended with the evidence it rests on; file new evidence and have the party approved again.',
  not_permitted: (action) =>
    `Your approval does not include "${action}", which is for parties of another kind.`,
  not_accredited: (action) =>
    `Your approval does not include "${action}": it is for parties of another kind or needs accreditation, and you are ` +
    'not accredited. File accreditation with compliance and have the party approved again.',
  behind: () =>
    'This service could not process every event of compliance about your party, so nothing is allowed until it has; try again later.',
};

/** Why the caller's party may not do `action`, in words for that party only. */
export function ownIneligibility(
  standing: PartyStanding,
  action: EligibleAction,
): ViolationDetails | undefined {
  return standing === 'eligible' ? undefined : { reason: reasons[standing](action) };
}
