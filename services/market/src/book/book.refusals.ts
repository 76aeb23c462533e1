import type { RefusalText } from '@specie/nest-platform';
import type { OpenBookRejection } from '../shard/shard-rejections.js';

export const openBookStatus = {
  book_opened_differently: 409,
  book_capacity_reached: 409,
  book_terms_invalid: 422,
} as const satisfies Record<OpenBookRejection, number>;

/** What to do about each refusal. */
export const bookRefusals = {
  book_opened_differently: [
    'The book is open in {currency}, fees {makerFeePpm} ppm for makers, {takerFeePpm} for takers and {auctionFeePpm} in ' +
      'auctions, orders of {minimumLots} to {maximumLots} lots.',
    'The terms of an open book do not change; send them unchanged.',
  ],
  book_capacity_reached: [
    'The shard holds as many books as it can; a further series needs a shard of its own.',
  ],
  book_terms_invalid: [
    'Steps and minima are 1 or more and no more than the maxima beside them; a rebate to makers is at most what takers pay.',
  ],
  book_unknown: ['There is no book for this series yet; GET /books lists those that are open.'],
} satisfies Record<OpenBookRejection | 'book_unknown', RefusalText>;
