import type {
  ChargeUsageRejection,
  CloseReservationRejection,
  RequestRedemptionRejection,
} from '../domain/reservation/index.js';

export const requestRedemptionStatus = {
  reservation_exists: 409,
  party_ineligible: 403,
  sku_without_weight: 422,
  quantity_not_positive: 422,
  expiry_in_past: 422,
  usage_interval_empty: 422,
  expiry_after_delivery_window: 422,
} satisfies Record<RequestRedemptionRejection, number>;

export const chargeUsageStatus = {
  reservation_unknown: 404,
  usage_record_conflict: 409,
  reservation_not_confirmed: 409,
  reservation_closed: 409,
  usage_in_future: 422,
  usage_too_old: 422,
  usage_before_reservation: 422,
  usage_after_expiry: 422,
  usage_exceeds_hold: 409,
} satisfies Record<ChargeUsageRejection, number>;

export const closeReservationStatus = {
  reservation_unknown: 404,
  hold_pending: 409,
  reservation_refused: 409,
} satisfies Record<CloseReservationRejection, number>;
