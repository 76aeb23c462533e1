import type { RefusalText } from '@specie/nest-platform';
import type { RequestWithdrawalRejection } from '../shard/shard-rejections.js';

export const requestWithdrawalStatus = {
  movement_exists_differently: 409,
  amount_not_positive: 422,
  party_ineligible: 403,
  insufficient_tokens: 409,
} as const satisfies Record<RequestWithdrawalRejection, number>;

/** What the backlog of withdrawals is answered with. */
export const backloggedStatus = { withdrawals_backlogged: 503 } as const;

/** Worded by the cash subject. */
type WordedElsewhere = 'movement_exists_differently' | 'amount_not_positive' | 'party_ineligible';

/** What to do about each refusal. */
export const withdrawalRefusals = {
  insufficient_tokens: [
    '{needed} tokens are needed, {available} are available.',
    'Put tokens into escrow, ask for less, or cancel sell orders, which reserve what is left of them.',
  ],
  withdrawal_unknown: ['No withdrawal of yours has this id; check the id of the request.'],
  withdrawal_ambiguous: ['Withdrawals of several parties have this id; say whose with ?partyId=.'],
  withdrawals_backlogged: [
    'So many withdrawals wait for their settlement that no further one is taken now; try again after Retry-After.',
  ],
} satisfies Record<
  | Exclude<RequestWithdrawalRejection, WordedElsewhere>
  | 'withdrawal_unknown'
  | 'withdrawal_ambiguous'
  | 'withdrawals_backlogged',
  RefusalText
>;
