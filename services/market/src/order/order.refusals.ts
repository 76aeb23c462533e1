import type { RefusalText } from '@specie/nest-platform';
import type {
  CancelOrderRejection,
  PlaceOrderRejection,
  ReplaceOrderRejection,
} from '../shard/order-rejections.js';

export const placeOrderStatus = {
  order_exists_differently: 409,
  party_unknown: 403,
  book_unknown: 404,
  party_ineligible: 403,
  duplicate_client_order_id: 409,
  oco_partner_invalid: 409,
  account_killed: 409,
  phase_refuses_orders: 409,
  combination_invalid: 422,
  phase_refuses_combination: 409,
  stp_required: 422,
  quantity_out_of_range: 422,
  quantity_not_on_lot: 422,
  display_quantity_invalid: 422,
  price_out_of_range: 422,
  price_not_on_tick: 422,
  price_outside_band: 409,
  stop_price_out_of_range: 422,
  stop_price_not_on_tick: 422,
  notional_out_of_range: 422,
  expire_time_passed: 422,
  post_only_would_take: 409,
  open_orders_limit: 409,
  order_capacity_reached: 503,
  insufficient_cash: 409,
  insufficient_tokens: 409,
} as const satisfies Record<PlaceOrderRejection, number>;

export const cancelOrderStatus = {
  order_unknown: 404,
  order_refused: 409,
  order_not_open: 409,
  phase_refuses_cancel: 409,
} as const satisfies Record<CancelOrderRejection, number>;

export const replaceOrderStatus = {
  party_ineligible: placeOrderStatus.party_ineligible,
  order_unknown: 404,
  order_refused: 409,
  order_not_open: 409,
  phase_refuses_orders: placeOrderStatus.phase_refuses_orders,
  order_not_replaceable: 409,
  combination_invalid: placeOrderStatus.combination_invalid,
  quantity_out_of_range: placeOrderStatus.quantity_out_of_range,
  quantity_not_on_lot: placeOrderStatus.quantity_not_on_lot,
  price_out_of_range: placeOrderStatus.price_out_of_range,
  price_not_on_tick: placeOrderStatus.price_not_on_tick,
  price_outside_band: placeOrderStatus.price_outside_band,
  stop_price_out_of_range: placeOrderStatus.stop_price_out_of_range,
  stop_price_not_on_tick: placeOrderStatus.stop_price_not_on_tick,
  notional_out_of_range: placeOrderStatus.notional_out_of_range,
  post_only_would_take: placeOrderStatus.post_only_would_take,
  insufficient_cash: placeOrderStatus.insufficient_cash,
  insufficient_tokens: placeOrderStatus.insufficient_tokens,
} as const satisfies Record<ReplaceOrderRejection, number>;

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
  duplicate_client_order_id: [
    'Your open order {orderId} has this clientOrderId.',
    'Give the new order another one, or cancel the open order first.',
  ],
  oco_partner_invalid: [
    'Name in ocoOrderId a resting limit order of your own in the same book, on the same side, with as many lots left as this order has, and without a partner.',
  ],
  account_killed: [
    'The kill switch of your party is engaged: no order is accepted until it is released.',
  ],
  phase_refuses_orders: [
    'The book is in the phase {phase}.',
    'It accepts no orders now; the status of the book tells when its phase changes.',
  ],
  phase_refuses_cancel: [
    'The book is in the phase {phase}.',
    'It accepts no cancels now; the status of the book tells when its phase changes.',
  ],
  combination_invalid: [
    'The terms do not go together: a market order needs timeInForce IOC or FOK and no stop price; only GTD takes expiresAt, and needs it; a stop order needs stopPriceTicks and GTC, DAY or GTD; displayLots and postOnly need an order that may rest; quoteAmount needs a market order with IOC and no quantityLots.',
  ],
  phase_refuses_combination: [
    'The book collects orders for an auction ({phase}).',
    'It takes no FOK, no order by amount and no limit order with IOC before it trades again.',
  ],
  stp_required: [
    'This book does not allow self-trades: send another selfTradePrevention than none.',
  ],
  quantity_out_of_range: [
    'An order of this book has {minimumLots} to {maximumLots} lots.',
    'The book tells the smallest and the largest order.',
  ],
  quantity_not_on_lot: [
    'quantityLots must be a multiple of {lotStep}.',
    'The book tells the step of quantities.',
  ],
  display_quantity_invalid: [
    'displayLots must be a multiple of {lotStep}.',
    'It can be no more than quantityLots.',
  ],
  price_out_of_range: [
    'A price of this book is {minimumPriceTicks} to {maximumPriceTicks} ticks.',
    'The book tells the lowest and the highest price.',
  ],
  price_not_on_tick: [
    'priceTicks must be a multiple of {priceStepTicks}.',
    'The book tells the step of prices.',
  ],
  price_outside_band: [
    'A buy may cost at most {highTicks} ticks now, a sell must ask for at least {lowTicks}.',
    'Prices are limited to the bands of the book.',
  ],
  stop_price_out_of_range: [
    'A stop price of this book is {minimumPriceTicks} to {maximumPriceTicks} ticks.',
    'The book tells the lowest and the highest price.',
  ],
  stop_price_not_on_tick: [
    'stopPriceTicks must be a multiple of {priceStepTicks}.',
    'The book tells the step of prices.',
  ],
  notional_out_of_range: [
    'Price times quantity must be between ${minimumNotional} and ${maximumNotional}.',
    'The book tells both limits.',
  ],
  expire_time_passed: ['Send an expiresAt that is still to come.'],
  post_only_would_take: [
    'The order would trade at once, and postOnly forbids that: send a price on your own side of the best one, or postOnly slide.',
  ],
  open_orders_limit: [
    'Your party may have {openOrdersMax} open orders.',
    'Cancel an open order before you place another.',
  ],
  order_capacity_reached: [
    'The books hold as many open orders as they can; send the order again later.',
  ],
  order_not_replaceable: [
    'A market order and an order with an OCO partner cannot be replaced; cancel it and place a new one.',
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
  order_not_open: ['The order is filled or cancelled already, so nothing of it can change.'],
  order_ambiguous: ['Orders of several parties have this id; say whose with ?partyId=.'],
} satisfies Record<
  | Exclude<PlaceOrderRejection | ReplaceOrderRejection, WordedElsewhere>
  | CancelOrderRejection
  | 'order_ambiguous',
  RefusalText
>;
