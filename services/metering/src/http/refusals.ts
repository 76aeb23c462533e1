import type { RefusalText } from '@specie/nest-platform';
import type {
  ChargeUsageRejection,
  CloseReservationRejection,
  RequestRedemptionRejection,
} from '../domain/reservation/index.js';

/** A refusal of records of a batch: which they are, and what to do with them. */
const aboutRecords = (code: ChargeUsageRejection, ...whatToDo: readonly string[]): RefusalText => ({
  detail: ['It is about body.records at {places}, counted from 0.', ...whatToDo],
  violations: whatToDo.slice(-1).map((message) => ({
    each: 'places',
    path: 'body.records.{item}',
    code,
    message,
  })),
});

/** What to do about each refusal. */
export const meteringRefusals = {
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
  usage_record_conflict: aboutRecords(
    'usage_record_conflict',
    'A record of this source and recordId has other content. Send it as it was, or under a new recordId.',
  ),
  reservation_not_confirmed: [
    'The reservation is {status}.',
    'Usage is taken once the issuer holds the tokens and the reservation is confirmed.',
  ],
  reservation_closed: [
    'The reservation was closed, or it has ended and the time to report finished work is over.',
  ],
  usage_in_future: aboutRecords(
    'usage_in_future',
    'It was {now} here.',
    'It ends after now. Report work when it has finished, and check the clock of the agent.',
  ),
  usage_too_old: aboutRecords(
    'usage_too_old',
    'It began more than 35 days ago. A provider-admin may send it with backfill.',
  ),
  usage_before_reservation: aboutRecords(
    'usage_before_reservation',
    'Use counts from {usageFrom} on.',
    'It began before usageFromAt of the reservation.',
  ),
  usage_after_expiry: aboutRecords(
    'usage_after_expiry',
    'The reservation expires at {expiresAt}.',
    'It ends after expiresAt of the reservation. Report the part that lies before.',
  ),
  usage_exceeds_hold: [
    'The batch costs {cost} tokens, more than the {left} tokens left of the hold.',
    'Split the batch and send what fits.',
  ],
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
  backfill_not_permitted: ['Only a provider-admin may send records with backfill.'],
} satisfies Record<
  | RequestRedemptionRejection
  | ChargeUsageRejection
  | CloseReservationRejection
  | 'not_your_series'
  | 'series_not_known_yet'
  | 'not_your_reservation'
  | 'backfill_not_permitted',
  RefusalText
>;
