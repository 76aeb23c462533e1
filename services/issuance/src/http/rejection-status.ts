import type { AccountRejection } from '../account/account.decider.js';
import type { ProviderRejection } from '../provider/provider.decider.js';

export const providerRejectionStatus = {
  provider_registered_differently: 409,
  provider_unregistered: 404,
  commitment_exists_differently: 409,
  commitment_unknown: 404,
  commitment_withdrawn: 409,
  capacity_attested_differently: 409,
  series_exists_differently: 409,
  series_unknown: 404,
  mint_exists_differently: 409,
  party_ineligible: 403,
  attested_by_provider: 403,
  days_reversed: 422,
  days_too_many: 422,
  days_over: 422,
  commitments_too_many: 409,
  series_too_many: 409,
  sku_without_weight: 422,
  gpu_count_not_positive: 422,
  quantity_not_positive: 422,
  quantity_too_large: 422,
  coverage_exceeded: 422,
  coverage_would_break: 409,
} as const satisfies Record<ProviderRejection, number>;

export const accountRejectionStatus = {
  movement_exists_differently: 409,
  account_unknown: 404,
  same_account: 422,
  recipient_is_escrow: 422,
  series_not_transferable: 409,
  party_ineligible: 403,
  recipient_ineligible: 403,
  quantity_not_positive: 422,
  insufficient_tokens: 409,
  lockup_active: 409,
} as const satisfies Record<AccountRejection, number>;

/** Ids that the tables keep unique beyond a stream, and the refusal that a second use of one is. */
export const constraintRejections = {
  capacity_commitments_once: 'commitment_exists_differently',
  token_series_once: 'series_exists_differently',
} as const;
