import type { RefusalText } from '@specie/nest-platform';
import type { ExchangeRejection } from '../domain/exchange/index.js';

/** What to do about each refusal. */
export const marketRefusals = {
  book_opened_differently: [
    'The book is open in {currency}, fees {makerFeeBps} bps for makers and {takerFeeBps} for takers, orders of ' +
      '{minimumLots} to {maximumLots} lots.',
    'The terms of an open book do not change; send them unchanged.',
  ],
  lot_limits_invalid: ['Send a minimumLots of 1 or more and a maximumLots that is no less.'],
  movement_exists_differently: [
    'The id was used for another movement of this kind; send that one unchanged, or a new id.',
  ],
  amount_not_positive: ['The amount must be greater than 0.000000.'],
  cash_total_too_large: [
    'All trading accounts together can take {left} more.',
    'Deposit less: the cash of all trading accounts together is limited.',
  ],
  party_ineligible: ['{reason}', 'Only a party that compliance approved for trading may do this.'],
  party_unknown: [
    '{reason}',
    'Only a party that the market has heard of from compliance may send orders.',
  ],
  insufficient_cash: [
    '{needed} is needed, {available} is available.',
    'Deposit cash, ask for less, or cancel buy orders, which reserve price and fee of what is left of them.',
  ],
  insufficient_tokens: [
    '{needed} tokens are needed, {available} are available.',
    'Put tokens into escrow, ask for less, or cancel sell orders, which reserve what is left of them.',
  ],
  order_exists_differently: [
    'The orderId was used for another order; send that one unchanged, or a new id.',
  ],
  book_unknown: ['There is no book for this series yet; GET /books lists those that are open.'],
  market_order_rests: ['A market order cannot rest: send it with timeInForce IOC or FOK.'],
  price_not_positive: ['Send a priceTicks of 1 or more: a price is a whole number of ticks.'],
  quantity_out_of_range: [
    'An order of this book has {minimumLots} to {maximumLots} lots.',
    'The book tells the smallest and the largest order.',
  ],
  order_unknown: ['No order of yours has this id; GET /orders lists yours.'],
  order_refused: ['The order was refused when it was placed, so there is nothing to cancel.'],
  order_not_open: ['The order is filled or cancelled already, so there is nothing to cancel.'],
  order_ambiguous: ['Orders of several parties have this id; say whose with ?partyId=.'],
  withdrawal_unknown: ['No withdrawal of yours has this id; check the id of the request.'],
  withdrawal_ambiguous: ['Withdrawals of several parties have this id; say whose with ?partyId=.'],
  withdrawals_backlogged: [
    'So many withdrawals wait for their settlement that no further one is taken now; try again after Retry-After.',
  ],
  not_your_account: ['Only the party itself, and for reading operators and auditors, may do this.'],
} satisfies Record<
  | ExchangeRejection
  | 'order_ambiguous'
  | 'withdrawal_unknown'
  | 'withdrawal_ambiguous'
  | 'withdrawals_backlogged'
  | 'not_your_account',
  RefusalText
>;
