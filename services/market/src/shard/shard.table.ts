import {
  boolean,
  defineTable,
  instant,
  int32,
  int64,
  micro,
  oneOf,
  text,
  uuid,
  whole,
  type RowOf,
} from '@specie/postgres-event-store';
import type { OrderKind, OrderTerms, Side, TimeInForce } from './shard.commands.js';

/** What only some orders ask for. */
const rareTerms = {
  clientOrderId: text().nullable(),
  quoteAmount: int64().nullable(),
  displayLots: int32().nullable(),
  stopPriceTicks: int32().nullable(),
  expiresAt: instant().nullable(),
  selfTradePrevention: text<NonNullable<OrderTerms['selfTradePrevention']>>().nullable(),
  postOnly: text<NonNullable<OrderTerms['postOnly']>>().nullable(),
  ocoOrderId: uuid().nullable(),
};

/** Accepted orders. Parties choose the ids of their orders, so one id may be an order of each of them. */
export const orderTable = defineTable({
  name: 'orders',
  columns: {
    orderId: uuid(),
    orderNumber: int64(),
    seriesId: uuid(),
    partyId: uuid(),
    side: text<Side>(),
    kind: text<OrderKind>(),
    timeInForce: text<TimeInForce>(),
    priceTicks: int32(),
    quantityLots: int32(),
    filledLots: int32(),
    leavesLots: int32(),
    /** What the book shows of it; less than the leaves of an iceberg. */
    visibleLots: int32(),
    /** A stop order that waits for its trigger. */
    isPending: boolean(),
    /** Sum over its trades, in micro-dollars. */
    filledNotional: micro(),
    /** Micro-dollars of a buy, micro-tokens of a sell. */
    reservedPerLot: whole(),
    status: oneOf('open', 'filled', 'cancelled'),
    cancelReason: text().nullable(),
    acceptedAt: instant(),
    ...rareTerms,
    /** What was asked at first, where it was replaced, restated or slid since. */
    askedPriceTicks: int32().nullable(),
    askedQuantityLots: int32().nullable(),
    askedStopPriceTicks: int32().nullable(),
  },
  primaryKey: ['orderId', 'partyId'],
  unique: { orders_order_number_key: ['orderNumber'] },
  checks: {
    orders_filled_lots_check: 'filled_lots >= 0',
    orders_leaves_lots_check: 'leaves_lots >= 0',
    orders_reserved_per_lot_check: 'reserved_per_lot >= 0',
    orders_quantity_check: 'quote_amount is not null or filled_lots + leaves_lots <= quantity_lots',
    orders_check1: "(status = 'open') = (leaves_lots > 0)",
  },
  indexes: {
    orders_open: "(series_id, side, price_ticks) where status = 'open'",
    orders_of_party: '(party_id, order_number desc)',
    orders_of_client:
      '(party_id, client_order_id, order_number desc) where client_order_id is not null',
  },
});
export type OrderRow = RowOf<typeof orderTable>;

/** What was asked for is null in orders that were refused before it was kept. */
export const refusedOrderTable = defineTable({
  name: 'refused_orders',
  columns: {
    orderId: uuid(),
    seriesId: uuid(),
    partyId: uuid(),
    reason: text(),
    side: text<Side>().nullable(),
    kind: text<OrderKind>().nullable(),
    timeInForce: text<TimeInForce>().nullable(),
    priceTicks: int32().nullable(),
    quantityLots: int32().nullable(),
    refusedAt: instant(),
    ...rareTerms,
  },
  primaryKey: ['orderId', 'partyId'],
  indexes: {
    refused_orders_of_client: '(party_id, client_order_id) where client_order_id is not null',
  },
});
export type RefusedOrderRow = RowOf<typeof refusedOrderTable>;

/** Cash on trading accounts. */
export const cashTable = defineTable({
  name: 'cash_balances',
  columns: { partyId: uuid(), available: micro(), reserved: micro() },
  primaryKey: ['partyId'],
  checks: {
    cash_balances_available_check: 'available >= 0',
    cash_balances_reserved_check: 'reserved >= 0',
  },
});
export type CashRow = RowOf<typeof cashTable>;

/** Tokens on trading accounts. */
export const tokenTable = defineTable({
  name: 'token_balances',
  columns: { seriesId: uuid(), partyId: uuid(), available: micro(), reserved: micro() },
  primaryKey: ['seriesId', 'partyId'],
  checks: {
    token_balances_available_check: 'available >= 0',
    token_balances_reserved_check: 'reserved >= 0',
  },
  indexes: { token_balances_of_party: '(party_id)' },
});
export type TokenRow = RowOf<typeof tokenTable>;

/** What the venue has earned. */
export const feeTable = defineTable({
  name: 'fees',
  columns: { currency: text<'USD'>(), earned: micro() },
  primaryKey: ['currency'],
  checks: { fees_earned_check: 'earned >= 0' },
});
