import type { ApiText } from '@specie/nest-platform';

/** What the API document says of the service as a whole. */
export const apiText: ApiText = {
  description:
    'The exchange of compute tokens for cash. Prices are in ticks of $0.0001 per token, quantities in lots of 0.01 token, both whole numbers; amounts of cash are decimal strings. Tokens come from issuance by an escrow deposit there, cash is recorded by the operator.',
  tags: {
    books: 'Order books: prices, depth, the public tape.',
    orders: 'Place, find and cancel orders; your trades.',
    accounts: 'Trading accounts: cash and tokens, in and out.',
  },
};
