import type { RefusalText } from '@specie/nest-platform';
import type {
  CloseReservationRejection,
  RequestRedemptionRejection,
} from './reservation.decider.js';

export const requestRedemptionStatus = {
  reservation_exists: 409,
  party_ineligible: 403,
  sku_without_weight: 422,
  quantity_not_positive: 422,
  expiry_in_past: 422,
  usage_interval_empty: 422,
  expiry_after_delivery_window: 422,
} as const satisfies Record<RequestRedemptionRejection, number>;

export const closeReservationStatus = {
  reservation_unknown: 404,
  hold_pending: 409,
  reservation_refused: 409,
} as const satisfies Record<CloseReservationRejection, number>;

/** What can stand against acting for the provider of a reservation's series. */
export const providerAccessStatus = {
  party_ineligible: 403,
  not_your_series: 403,
  series_not_known_yet: 503,
} as const;

/** What to do about each refusal. */
export const reservationRefusals = {
  reservation_exists: [
    'The reservationId names a reservation with other terms; send those unchanged, or a new id.',
  ],
  party_ineligible: ['{reason}', 'Only a party that compliance approved for this may do it.'],
  sku_without_weight: [
    'The table of weights lists {listed}.',
    'Ask for a SKU that has a weight and that the series may be drawn on.',
  ],
  quantity_not_positive: ['The quantity must be greater than 0.000000.'],
  expiry_in_past: ['It is {now}.', 'Send an expiresAt that lies in the future.'],
  usage_interval_empty: ['Send a usageFromAt that lies before expiresAt, or no use could count.'],
  expiry_after_delivery_window: [
    'The delivery window of the series ends at {deliveryEndsAt}.',
    'Send an expiresAt that does not lie beyond the delivery window of the series.',
  ],
  reservation_unknown: ['No reservation of yours has this id; GET /reservations lists yours.'],
  hold_pending: [
    'The issuer has not answered yet whether it holds the tokens; close the reservation after that.',
  ],
  reservation_refused: ['The issuer refused the hold, so there is nothing to close or release.'],
  not_your_series: ['Only an agent of the provider that opened the series may do this.'],
  series_not_known_yet: [
    'The event that tells whose series it is has not arrived here yet; send the same request again.',
  ],
  not_your_reservation: [
    'Only the party that reserved, the provider of the series and auditors may do this.',
  ],
} satisfies Record<
  | RequestRedemptionRejection
  | CloseReservationRejection
  | keyof typeof providerAccessStatus
  | 'not_your_reservation',
  RefusalText
>;
