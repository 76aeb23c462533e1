import type { RefusalText } from '@specie/nest-platform';
import type { OpenBookRejection } from '../shard/shard-rejections.js';

export const openBookStatus = {
  book_opened_differently: 409,
  lot_limits_invalid: 422,
} as const satisfies Record<OpenBookRejection, number>;

/** What to do about each refusal. */
export const bookRefusals = {
  book_opened_differently: [
    'The book is open in {currency}, fees {makerFeeBps} bps for makers and {takerFeeBps} for takers, orders of ' +
      '{minimumLots} to {maximumLots} lots.',
    'The terms of an open book do not change; send them unchanged.',
  ],
  lot_limits_invalid: ['Send a minimumLots of 1 or more and a maximumLots that is no less.'],
  book_unknown: ['There is no book for this series yet; GET /books lists those that are open.'],
} satisfies Record<OpenBookRejection | 'book_unknown', RefusalText>;
