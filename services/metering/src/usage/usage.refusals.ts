import type { RefusalText } from '@specie/nest-platform';
import type { ChargeUsageRejection } from './usage.decider.js';

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
} as const satisfies Record<ChargeUsageRejection, number>;

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

/** What to do about each refusal; `reservation_unknown` is worded by the reservation subject. */
export const usageRefusals = {
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
  backfill_not_permitted: ['Only a provider-admin may send records with backfill.'],
} satisfies Record<
  Exclude<ChargeUsageRejection, 'reservation_unknown'> | 'backfill_not_permitted',
  RefusalText
>;
