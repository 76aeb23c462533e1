import type {
  AlertRejection,
  ApprovalRejection,
  EvidenceRejection,
  FreezeRejection,
  RegisterRejection,
  UnfreezeRejection,
} from '../domain/party/party.decider.js';

/** What to do about each refusal. */
export const complianceRefusals = {
  already_registered_differently: [
    'The partyId is registered with other particulars; send those unchanged, or a new id.',
  ],
  party_unknown: ['No party has this id; register it first: POST /parties.'],
  evidence_filed_differently: [
    'The id names evidence with other content; send that unchanged, or file the new evidence under a new id.',
  ],
  evidence_expired: ['File evidence that has not expired: expiresAt must lie in the future.'],
  screening_exists: ['The screeningId names another screening; send a new id, or none.'],
  screening_unknown: ['Resolve the latest screening of the party; its case names it.'],
  no_open_alert: ['There is nothing to resolve: the screening was clear or is resolved already.'],
  not_frozen: ['There is no freeze to end: the party is not frozen.'],
  subject_frozen: ['The party is frozen; end the freeze first.'],
  kyc_missing: ['File the evidence that identifies this kind of party.'],
  kyc_expired: ['File evidence of identity that has not expired.'],
  accreditation_expired: ['File accreditation that has not expired.'],
  evidence_changed: ['Read the case again and approve the evidenceHash it shows now.'],
  sanctions_list_missing: ['Load a sanctions list: none is in force, so nobody can be cleared.'],
  screening_missing: ['The party was never screened; screen it first.'],
  screening_stale: ['The list is newer than the screening: screen again.'],
  screening_pending: ['The screening has an open alert; resolve it first.'],
  sanctions_hit: ['The last screening is a true match, so the party cannot be approved.'],
  self_approval: ['Somebody else must decide: you are this party, or you registered it.'],
  four_eyes_required: ['Somebody else must decide: you filed evidence of this party.'],
  not_your_party: ['Only the party itself and compliance officers may do this.'],
} as const satisfies Record<
  | RegisterRejection
  | EvidenceRejection
  | AlertRejection
  | ApprovalRejection
  | FreezeRejection
  | UnfreezeRejection
  | 'screening_exists'
  | 'not_your_party',
  readonly string[]
>;
