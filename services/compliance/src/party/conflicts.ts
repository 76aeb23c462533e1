import { currentEvidence, type KnownParty } from './party.state.js';

export const conflictRejections = ['self_approval', 'four_eyes_required'] as const;
export type ConflictRejection = (typeof conflictRejections)[number];

/** What keeps `actor` from clearing the party: being it, having registered it, having filed its evidence. */
export function conflictsOf(actor: string, party: KnownParty): Record<ConflictRejection, boolean> {
  const { partyId, registeredBy } = party.registration;
  return {
    self_approval: actor === partyId || actor === registeredBy,
    four_eyes_required: currentEvidence(party.evidence).some(
      ({ submittedBy }) => submittedBy === actor,
    ),
  };
}
