import type { RefusalText } from '@specie/nest-platform';
import { dayCountMax, type ProviderRejection } from '../provider/provider.decider.js';
import type { AccountRejection } from '../account/account.decider.js';

const bindingInterval =
  'From {fromOn} to {toOn} the series {series} would owe {obligations} tokens; the attested capacity of {skus} is ' +
  '{capacity}.';

/** What to do about each refusal. */
export const issuanceRefusals = {
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
    'An auditor of another party must attest: nobody attests the own capacity.',
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
  movement_exists_differently: [
    'The movementId was used for {quantity} tokens.',
    'Send recipient and quantity as they were to repeat that movement, or a new movementId for another one.',
  ],
  account_unknown: [
    'There is no such account; GET /accounts lists yours once they have received tokens.',
  ],
  same_account: ['Sender and recipient are the same account; name another recipient.'],
  recipient_is_escrow: [
    'Tokens reach the market by an escrow deposit of the account, not by a transfer.',
  ],
  series_not_transferable: [
    'Tokens of this series can only be redeemed: its terms rule out transfers and trade.',
  ],
  recipient_ineligible: [
    'The recipient may not receive tokens now; it has to settle that with compliance, and you cannot be told why.',
  ],
  insufficient_tokens: [
    'The account has {available} tokens available; {quantity} were asked for.',
    'Ask for no more than is available: what is held for redemptions is not.',
  ],
  lockup_active: [
    'Of {available} tokens in the account {free} are free to be sent; {quantity} were asked for.',
    'Tokens under lock-up can be redeemed, but not sent; the lots of the account tell when each is free.',
  ],
  not_your_provider: [
    'Only the provider itself may do this: act for the party that the path names.',
  ],
  not_your_series: ['Only the provider that opened the series may mint it.'],
  not_your_account: [
    'Only the party that owns the account, and those who oversee all, may do this.',
  ],
} satisfies Record<
  | ProviderRejection
  | AccountRejection
  | 'not_your_provider'
  | 'not_your_series'
  | 'not_your_account',
  RefusalText
>;
