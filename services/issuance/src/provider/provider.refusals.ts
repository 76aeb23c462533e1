import type { RefusalText } from '@specie/nest-platform';
import { dayCountMax, type ProviderRejection } from './provider.decider.js';

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

/** Ids that the tables keep unique beyond a stream, and the refusal that a second use of one is. */
export const constraintRejections = {
  capacity_commitments_once: 'commitment_exists_differently',
  token_series_once: 'series_exists_differently',
} as const;

const bindingInterval =
  'From {fromOn} to {toOn} the series {series} would owe {obligations} tokens; the attested capacity of {skus} is ' +
  '{capacity}.';

/** What to do about each refusal. */
export const providerRefusals = {
  provider_registered_differently: [
    'Your party is registered with an uptime haircut of {uptimeHaircutBps} bps, which cannot be changed.',
    'Send the haircut of the registration, or none at all: the registration stands.',
  ],
  provider_unregistered: ['Register the party as a provider first: POST /providers.'],
  commitment_exists_differently: [
    'The commitmentId names a commitment with other terms; send those terms again, or a new id.',
  ],
  commitment_unknown: [
    'The provider has no commitment with this id; take one from the list of its capacity commitments.',
  ],
  commitment_withdrawn: [
    'The commitment was withdrawn, which is final; commit the capacity with a new id.',
  ],
  capacity_attested_differently: [
    'The commitment is attested with another evidenceHash, and an attestation is not replaced.',
  ],
  series_exists_differently: [
    'The seriesId names a series with other terms; send those terms again, or a new id.',
  ],
  series_unknown: ['There is no series with this id; GET /series lists them.'],
  mint_exists_differently: [
    'The mintId was used for {quantity} tokens of this series.',
    'Send the same quantity to repeat that mint, or a new mintId for another one.',
  ],
  party_ineligible: ['{reason}', 'Only a party that compliance approved for this may do it.'],
  attested_by_provider: [
    'An auditor of another party must attest: a provider does not attest its own capacity.',
  ],
  days_reversed: ['The last day lies before the first; exchange them.'],
  days_too_many: [`A range has at most ${dayCountMax} days; split it into several.`],
  days_over: ['Today is {today}.', 'The range must not end before today.'],
  commitments_too_many: [
    'A provider has at most {commitmentCountMax} commitments whose days are not over.',
    'Withdraw one, or commit more GPUs over a longer range with one.',
  ],
  series_too_many: [
    'A provider has at most {seriesCountMax} series whose windows are not over.',
    'Mint more of one that is open, or wait until a window is over.',
  ],
  sku_without_weight: [
    'The current table of weights is version {current}; it lists {listed}.',
    'Leave weightVersion out to use the current table.',
  ],
  gpu_count_not_positive: ['Commit at least one GPU.'],
  quantity_not_positive: ['The quantity must be greater than 0.000000.'],
  quantity_too_large: [
    'Quantities stay below {limit} tokens; of a series that is all its mints together.',
    'Send a smaller quantity of tokens.',
  ],
  coverage_exceeded: {
    detail: [
      bindingInterval,
      'The largest mint that would succeed is {mintable}.',
      'Mint less, or have more capacity attested for these days.',
    ],
    violations: [
      { path: 'body.quantity', code: 'binding_interval', message: bindingInterval },
      {
        path: 'body.quantity',
        code: 'largest_mint',
        message: 'The largest mint that would succeed is {mintable}.',
      },
    ],
  },
  coverage_would_break: {
    detail: [bindingInterval, 'Have other capacity attested for these days first.'],
    violations: [
      { path: 'params.commitmentId', code: 'binding_interval', message: bindingInterval },
    ],
  },
  not_your_provider: [
    'Only the provider itself may do this: act for the party that the path names.',
  ],
  not_your_series: ['Only the provider that opened the series may mint it.'],
} satisfies Record<ProviderRejection | 'not_your_provider' | 'not_your_series', RefusalText>;
