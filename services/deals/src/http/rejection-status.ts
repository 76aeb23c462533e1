import type { CompanyRejection } from '../domain/company/index.js';
import type { DealRejection } from '../domain/deal/index.js';

export const companyRejectionStatus = {
  company_registered_differently: 409,
  company_unknown: 404,
  class_exists_differently: 409,
  class_unknown: 404,
  entry_exists_differently: 409,
  party_ineligible: 403,
  holder_ineligible: 403,
  directors_only_signatory: 422,
  shares_not_positive: 422,
  shares_too_many: 422,
  classes_too_many: 409,
  authorised_below_outstanding: 409,
  authorised_below_reserved: 409,
  authorised_exceeded: 409,
  holding_too_small: 409,
} as const satisfies Record<CompanyRejection, number>;

export const dealRejectionStatus = {
  company_unknown: 404,
  deal_offered_differently: 409,
  class_unknown: 404,
  deal_unknown: 404,
  tranche_unknown: 404,
  provider_is_company: 422,
  not_a_side_of_the_deal: 403,
  not_a_director: 403,
  approver_is_signatory: 403,
  not_the_provider: 403,
  not_the_company: 403,
  deal_cancelled: 409,
  deal_not_signed: 409,
  deal_not_approved: 409,
  deal_not_active: 409,
  deal_already_active: 409,
  terms_hash_mismatch: 409,
  provider_ineligible: 403,
  company_ineligible: 403,
  approver_ineligible: 403,
  tranche_out_of_turn: 409,
  tranche_not_delivered: 409,
  tranche_repeated: 422,
  tokens_not_positive: 422,
  tokens_too_many: 422,
  lockup_in_past: 422,
  equity_out_of_range: 422,
  tranche_without_shares: 422,
  authorised_exceeded: 409,
} as const satisfies Record<DealRejection, number>;

/** Ids that the tables keep unique beyond a stream, and the refusal that a second use of one is. */
export const constraintRejections = {
  share_classes_once: 'class_exists_differently',
  share_entries_once: 'entry_exists_differently',
  tranches_once: 'tranche_repeated',
} as const;
