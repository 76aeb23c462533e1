import type { RefusalTexts } from '@specie/nest-platform';

/** What to do about each refusal; those of orders are with the orders. */
export const orderEntryRefusals = {
  order_not_named: ['Name the order by orderId or by clientOrderId, one of them.'],
  message_malformed: ['Send one JSON object in UTF-8 as a text message.'],
  message_invalid: [
    'The field {path}: {expected}',
    'docs/market-makers.md describes every request.',
  ],
  request_failed: [
    'The request failed and may still take effect: ask for the status of the order by its clientOrderId.',
  ],
  order_entry_elsewhere: [
    'This instance does not write now; connect again after Retry-After, to the instance that does.',
  ],
  too_many_order_connections: [
    'The instance serves as many connections of order entry as it can, or your party has as many as it may; close one, or connect again later.',
  ],
  order_entry_expects_websocket: [
    'Connect by WebSocket (version 13) with your access token in the Authorization header; POST /orders takes orders by plain requests.',
  ],
} satisfies RefusalTexts;
