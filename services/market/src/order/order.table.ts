import {
  defineTable,
  instant,
  int32,
  int64,
  oneOf,
  text,
  uuid,
  whole,
  type RowOf,
} from '@specie/postgres-event-store';
import type { OrderKind, TimeInForce } from '../exchange/exchange.commands.js';
import type { Side } from '../exchange/open-order.js';

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
  },
  primaryKey: ['orderId', 'partyId'],
});
export type RefusedOrderRow = RowOf<typeof refusedOrderTable>;
