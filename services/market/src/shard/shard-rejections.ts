import type { Decision } from '@specie/event-sourcing';
import type {
  CancelOrderRejection,
  PlaceOrderRejection,
  ReplaceOrderRejection,
} from './order-rejections.js';
import type { ShardCommand } from './shard.commands.js';
import type { ShardEvent } from './shard-events.js';

/** In check order. */
export const openBookRejections = [
  'book_opened_differently',
  'book_capacity_reached',
  'book_terms_invalid',
] as const;
export const depositCashRejections = [
  'movement_exists_differently',
  'amount_not_positive',
  'cash_total_too_large',
] as const;
export const withdrawCashRejections = [
  'movement_exists_differently',
  'amount_not_positive',
  'party_ineligible',
  'insufficient_cash',
] as const;
export const requestWithdrawalRejections = [
  'movement_exists_differently',
  'amount_not_positive',
  'party_ineligible',
  'insufficient_tokens',
] as const;
export const setKillSwitchRejections = ['kill_switch_of_operator'] as const;
export const changePhaseRejections = ['book_unknown', 'phase_unchanged', 'book_crossed'] as const;
export const setBandsRejections = ['book_unknown', 'bands_invalid'] as const;

export type OpenBookRejection = (typeof openBookRejections)[number];
export type DepositCashRejection = (typeof depositCashRejections)[number];
export type WithdrawCashRejection = (typeof withdrawCashRejections)[number];
export type RequestWithdrawalRejection = (typeof requestWithdrawalRejections)[number];
export type SetKillSwitchRejection = (typeof setKillSwitchRejections)[number];
export type ChangePhaseRejection = (typeof changePhaseRejections)[number];
export type SetBandsRejection = (typeof setBandsRejections)[number];

/** What each command can be refused for. */
export interface RejectionsByCommand {
  readonly 'open-book': OpenBookRejection;
  readonly 'deposit-cash': DepositCashRejection;
  readonly 'withdraw-cash': WithdrawCashRejection;
  readonly 'credit-tokens': never;
  readonly 'request-withdrawal': RequestWithdrawalRejection;
  readonly 'complete-withdrawal': never;
  readonly 'revert-withdrawal': never;
  readonly 'place-order': PlaceOrderRejection;
  readonly 'cancel-order': CancelOrderRejection;
  readonly 'replace-order': ReplaceOrderRejection;
  readonly 'mass-cancel': never;
  readonly 'set-kill-switch': SetKillSwitchRejection;
  readonly 'set-account-limit': never;
  readonly 'change-phase': ChangePhaseRejection;
  readonly 'set-bands': SetBandsRejection;
  readonly 'advance-time': never;
}
export type ShardRejection = RejectionsByCommand[ShardCommand['kind']];

/** What a command leads to. The refusal of an order is recorded, so that it can be proven later. */
export type ShardDecision<R extends ShardRejection = ShardRejection> = Decision<ShardEvent, R>;
