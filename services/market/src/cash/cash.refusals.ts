import type { RefusalText } from '@specie/nest-platform';
import type { DepositCashRejection, WithdrawCashRejection } from '../shard/shard-rejections.js';

export const depositCashStatus = {
  movement_exists_differently: 409,
  amount_not_positive: 422,
  cash_total_too_large: 422,
} as const satisfies Record<DepositCashRejection, number>;

export const withdrawCashStatus = {
  movement_exists_differently: 409,
  amount_not_positive: 422,
  party_ineligible: 403,
  insufficient_cash: 409,
} as const satisfies Record<WithdrawCashRejection, number>;

/** What to do about each refusal. */
export const cashRefusals = {
  movement_exists_differently: [
    'The id was used for another movement of this kind; send that one unchanged, or a new id.',
  ],
  amount_not_positive: ['The amount must be greater than 0.000000.'],
  cash_total_too_large: [
    'All trading accounts together can take {left} more.',
    'Deposit less: the cash of all trading accounts together is limited.',
  ],
  party_ineligible: ['{reason}', 'Only a party that compliance approved for trading may do this.'],
  insufficient_cash: [
    '{needed} is needed, {available} is available.',
    'Deposit cash, ask for less, or cancel buy orders, which reserve price and fee of what is left of them.',
  ],
  not_your_account: ['Only the party itself, and for reading operators and auditors, may do this.'],
} satisfies Record<DepositCashRejection | WithdrawCashRejection | 'not_your_account', RefusalText>;
