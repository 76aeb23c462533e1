import type {
  CancelOrderRejection,
  DepositCashRejection,
  OpenBookRejection,
  PlaceOrderRejection,
  RequestWithdrawalRejection,
  WithdrawCashRejection,
} from '../domain/exchange/index.js';

export const openBookStatus = {
  book_opened_differently: 409,
  lot_limits_invalid: 422,
} satisfies Record<OpenBookRejection, number>;

export const depositCashStatus = {
  movement_exists_differently: 409,
  amount_not_positive: 422,
  cash_total_too_large: 422,
} satisfies Record<DepositCashRejection, number>;

export const withdrawCashStatus = {
  movement_exists_differently: 409,
  amount_not_positive: 422,
  party_ineligible: 403,
  insufficient_cash: 409,
} satisfies Record<WithdrawCashRejection, number>;

export const requestWithdrawalStatus = {
  movement_exists_differently: 409,
  amount_not_positive: 422,
  party_ineligible: 403,
  insufficient_tokens: 409,
} satisfies Record<RequestWithdrawalRejection, number>;

export const placeOrderStatus = {
  order_exists_differently: 409,
  party_unknown: 403,
  book_unknown: 404,
  party_ineligible: 403,
  market_order_rests: 422,
  price_not_positive: 422,
  quantity_out_of_range: 422,
  insufficient_cash: 409,
  insufficient_tokens: 409,
} satisfies Record<PlaceOrderRejection, number>;

export const cancelOrderStatus = {
  order_unknown: 404,
  order_refused: 409,
  order_not_open: 409,
} satisfies Record<CancelOrderRejection, number>;
