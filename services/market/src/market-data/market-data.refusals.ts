import type { RefusalTexts } from '@specie/nest-platform';

/** What to do about each refusal; that of `book_unknown` is with the books. */
export const marketDataRefusals = {
  candle_window_empty: ['Send a from that is before to, and before now.'],
  candle_window_too_long: [
    'Ask for fewer intervals at a time, or for longer ones.',
    'At most {intervalCountMax} are answered.',
  ],
  reference_price_unknown: [
    'No window has had enough trades yet; a reference price is published once one has.',
  ],
  market_data_elsewhere: [
    'This instance does not keep the books now; connect again after Retry-After, to the instance that does.',
  ],
  too_many_connections: [
    'The instance serves as many clients of the market data as it can; connect again later.',
  ],
  too_many_connections_of_address: [
    'Your address has as many connections as it may; use one for several subscriptions.',
  ],
  websocket_expected: [
    'Connect by WebSocket (version 13); the depth and the trades of a book answer plain requests.',
  ],
} satisfies RefusalTexts;
