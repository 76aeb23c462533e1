import type { RefusalText } from '@specie/nest-platform';
import type { CancelOrderRejection } from '../shard/shard-rejections.js';
import type { PlaceOrderRejection } from '../shard/order-rejections.js';

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
} as const satisfies Record<PlaceOrderRejection, number>;

export const cancelOrderStatus = {
  order_unknown: 404,
  order_refused: 409,
  order_not_open: 409,
} as const satisfies Record<CancelOrderRejection, number>;

/** Worded by the subjects book, cash and withdrawal. */
type WordedElsewhere =
  'book_unknown' | 'party_ineligible' | 'insufficient_cash' | 'insufficient_tokens';

/** What to do about each refusal. */
export const orderRefusals = {
  order_exists_differently: [
    'The orderId was used for another order; send that one unchanged, or a new id.',
  ],
  party_unknown: [
    '{reason}',
    'Only a party that the market has heard of from compliance may send orders.',
  ],
  market_order_rests: ['A market order cannot rest: send it with timeInForce IOC or FOK.'],
  price_not_positive: ['Send a priceTicks of 1 or more: a price is a whole number of ticks.'],
  quantity_out_of_range: [
    'An order of this book has {minimumLots} to {maximumLots} lots.',
    'The book tells the smallest and the largest order.',
  ],
  order_unknown: ['No order of yours has this id; GET /orders lists yours.'],
  order_refused: {
    detail: ['The order was refused when it was placed, so there is nothing to cancel.'],
    violations: [
      {
        path: 'params.orderId',
        code: '{reason}',
        message: 'This is why the order was refused when it was placed.',
      },
    ],
  },
  order_not_open: ['The order is filled or cancelled already, so there is nothing to cancel.'],
  order_ambiguous: ['Orders of several parties have this id; say whose with ?partyId=.'],
} satisfies Record<
  Exclude<PlaceOrderRejection, WordedElsewhere> | CancelOrderRejection | 'order_ambiguous',
  RefusalText
>;
