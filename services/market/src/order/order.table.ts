import { defineTable, instant, int32, text, uuid, type RowOf } from '@specie/postgres-event-store';
import type { OrderKind, TimeInForce } from '../exchange/exchange.commands.js';
import type { Side } from '../exchange/open-order.js';

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
