/** What an order can be refused for, in check order. */
export const placeOrderRejections = [
  'order_exists_differently',
  'party_unknown',
  'book_unknown',
  'party_ineligible',
  'market_order_rests',
  'price_not_positive',
  'quantity_out_of_range',
  'insufficient_cash',
  'insufficient_tokens',
] as const;
export type PlaceOrderRejection = (typeof placeOrderRejections)[number];
