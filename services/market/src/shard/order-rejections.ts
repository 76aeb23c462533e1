import type { RejectReason } from '@specie/matching-core';

/** What an order can be refused for, in check order; from `account_killed` on by the matching core. */
export const placeOrderRejections = [
  'order_exists_differently',
  'party_unknown',
  'book_unknown',
  'party_ineligible',
  'duplicate_client_order_id',
  'oco_partner_invalid',
  'account_killed',
  'phase_refuses_orders',
  'combination_invalid',
  'phase_refuses_combination',
  'stp_required',
  'quantity_out_of_range',
  'quantity_not_on_lot',
  'display_quantity_invalid',
  'price_out_of_range',
  'price_not_on_tick',
  'price_outside_band',
  'stop_price_out_of_range',
  'stop_price_not_on_tick',
  'notional_out_of_range',
  'expire_time_passed',
  'post_only_would_take',
  'open_orders_limit',
  'order_capacity_reached',
  'insufficient_cash',
  'insufficient_tokens',
] as const;
export type PlaceOrderRejection = (typeof placeOrderRejections)[number];

export const cancelOrderRejections = [
  'order_unknown',
  'order_refused',
  'order_not_open',
  'phase_refuses_cancel',
] as const;
export type CancelOrderRejection = (typeof cancelOrderRejections)[number];

/** A killed account has no orders to replace: the kill switch takes them along. */
export const replaceOrderRejections = [
  'party_ineligible',
  'order_unknown',
  'order_refused',
  'order_not_open',
  'phase_refuses_orders',
  'order_not_replaceable',
  'combination_invalid',
  'quantity_out_of_range',
  'quantity_not_on_lot',
  'price_out_of_range',
  'price_not_on_tick',
  'price_outside_band',
  'stop_price_out_of_range',
  'stop_price_not_on_tick',
  'notional_out_of_range',
  'post_only_would_take',
  'insufficient_cash',
  'insufficient_tokens',
] as const;
export type ReplaceOrderRejection = (typeof replaceOrderRejections)[number];

/** What the core calls otherwise than the market's API. */
const otherNames = {
  unknown_book: 'book_unknown',
  unknown_order: 'order_unknown',
  too_late: 'order_not_open',
  unknown_trade: 'trade_unknown',
  balance_overflow: 'cash_total_too_large',
  amount_out_of_range: 'amount_not_positive',
  config_invalid: 'book_terms_invalid',
} as const satisfies Partial<Record<RejectReason, string>>;

/** The code of a refusal of the matching core. */
export function codeOfReject(reason: RejectReason): string {
  return reason in otherNames ? otherNames[reason as keyof typeof otherNames] : reason;
}
