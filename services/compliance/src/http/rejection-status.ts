import type {
  AlertRejection,
  ApprovalRejection,
  EvidenceRejection,
  FreezeRejection,
  RegisterRejection,
  ScreeningRejection,
  UnfreezeRejection,
} from '../domain/party/party.decider.js';

export const registerStatus = { already_registered_differently: 409 } satisfies Record<
  RegisterRejection,
  number
>;

export const evidenceStatus = {
  party_unknown: 404,
  evidence_filed_differently: 409,
  evidence_expired: 422,
} satisfies Record<EvidenceRejection, number>;

export const screeningStatus = {
  party_unknown: 404,
  /** The id names another screening, of this party or of another. */
  screening_exists: 409,
  /** No list is in force, so nothing can be compared; see `/health/ready`. */
  sanctions_list_missing: 503,
} satisfies Record<ScreeningRejection | 'screening_exists' | 'sanctions_list_missing', number>;

export const alertStatus = {
  party_unknown: 404,
  screening_unknown: 404,
  no_open_alert: 409,
  self_approval: 403,
  four_eyes_required: 403,
} satisfies Record<AlertRejection, number>;

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

/** Numbers that the field gives to some of the codes, for reports that are read by machines of others. */
export const violationNumbers: Partial<Record<ApprovalRejection | UnfreezeRejection, number>> = {
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
};
