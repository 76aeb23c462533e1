import type { RefusalText } from '@specie/nest-platform';
import type { AccountRejection } from './account.decider.js';

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

/** What to do about each refusal; `party_ineligible` and `quantity_not_positive` are worded by the provider subject. */
export const accountRefusals = {
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
  not_your_account: ['Only the party that owns the account may do this.'],
} satisfies Record<
  Exclude<AccountRejection, 'party_ineligible' | 'quantity_not_positive'> | 'not_your_account',
  RefusalText
>;
