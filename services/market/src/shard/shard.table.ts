import {
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
import type { OrderKind, TimeInForce } from './exchange.commands.js';
import type { Side } from './open-order.js';

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
    /** Micro-dollars of a buy, micro-tokens of a sell. */
    reservedPerLot: whole(),
    status: oneOf('open', 'filled', 'cancelled'),
    cancelReason: text().nullable(),
    acceptedAt: instant(),
  },
  primaryKey: ['orderId', 'partyId'],
  unique: { orders_order_number_key: ['orderNumber'] },
  checks: {
    orders_filled_lots_check: 'filled_lots >= 0',
    orders_leaves_lots_check: 'leaves_lots >= 0',
    orders_reserved_per_lot_check: 'reserved_per_lot >= 0',
    orders_check: 'filled_lots + leaves_lots <= quantity_lots',
    orders_check1: "(status = 'open') = (leaves_lots > 0)",
  },
  indexes: {
    orders_open: "(series_id, side, price_ticks) where status = 'open'",
    orders_of_party: '(party_id, order_number desc)',
  },
});
export type OrderRow = RowOf<typeof orderTable>;

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
