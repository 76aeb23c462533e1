import type { ViolationLister } from '@specie/nest-platform';
import type {
  ApprovalRejection,
  EvidenceRejection,
  FreezeRejection,
  RegisterRejection,
  UnfreezeRejection,
} from './party.decider.js';

export const registerStatus = { already_registered_differently: 409 } satisfies Record<
  RegisterRejection,
  number
>;

export const evidenceStatus = {
  party_unknown: 404,
  evidence_filed_differently: 409,
  evidence_expired: 422,
} satisfies Record<EvidenceRejection, number>;

export const approvalStatus = {
  party_unknown: 404,
  subject_frozen: 409,
  kyc_missing: 422,
  kyc_expired: 422,
  accreditation_expired: 422,
  evidence_changed: 409,
  sanctions_list_missing: 409,
  screening_missing: 422,
  screening_stale: 409,
  screening_pending: 409,
  sanctions_hit: 422,
  self_approval: 403,
  four_eyes_required: 403,
} satisfies Record<ApprovalRejection, number>;

export const freezeStatus = { party_unknown: 404 } satisfies Record<FreezeRejection, number>;

export const unfreezeStatus = {
  party_unknown: 404,
  not_frozen: 409,
  sanctions_list_missing: 409,
  screening_missing: 422,
  screening_stale: 409,
  screening_pending: 409,
  sanctions_hit: 422,
  self_approval: 403,
  four_eyes_required: 403,
} satisfies Record<UnfreezeRejection, number>;

/** The numbers that compliance reports use for some of the codes. */
const violationNumbers: Partial<Record<string, number>> = {
  kyc_missing: 100,
  kyc_expired: 101,
  accreditation_expired: 111,
  sanctions_hit: 120,
  screening_missing: 121,
  screening_pending: 121,
  screening_stale: 122,
  sanctions_list_missing: 199,
  four_eyes_required: 180,
  self_approval: 181,
  subject_frozen: 195,
} satisfies Partial<Record<ApprovalRejection | UnfreezeRejection, number>>;

/** What to do about each refusal. */
export const partyRefusals = {
  already_registered_differently: [
    'The partyId is registered with other particulars; send those unchanged, or a new id.',
  ],
  party_unknown: ['No party has this id; register it first: POST /parties.'],
  evidence_filed_differently: [
    'The id names evidence with other content; send that unchanged, or file the new evidence under a new id.',
  ],
  evidence_expired: ['File evidence that has not expired: expiresAt must lie in the future.'],
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
  | ApprovalRejection
  | FreezeRejection
  | UnfreezeRejection
  | 'not_your_party',
  readonly string[]
>;

/** Lists every violated rule with what to do about it and its number. */
export function numberedViolations(
  texts: Readonly<Record<string, readonly string[]>>,
): ViolationLister {
  return (violations) =>
    violations.map(({ code }) => {
      const number = violationNumbers[code];
      const numbered = number === undefined ? [] : [`(${number})`];
      return { path: 'partyId', code, message: [...(texts[code] ?? []), ...numbered].join(' ') };
    });
}

export const partyViolations = numberedViolations(partyRefusals);
