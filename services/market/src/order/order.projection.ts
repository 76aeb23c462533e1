import type { OrderRefused } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { refusedOrderTable } from '../shard/shard.table.js';

type Refused = OrderRefused['data'] & { readonly refusedAt: string };

/** Accepted orders are followed by the exchange's projection, with the balances that they reserve. */
export const refusedOrderProjection = defineProjection<OrderRefused, Refused[]>({
  name: 'refused_orders',
  changes: () => [],
  events: {
    'market.order-refused': (refused, { data, occurredAt }) => {
      refused.push({ ...data, refusedAt: occurredAt });
    },
  },
  write: (manager, refused) => refusedOrderTable.insert(manager, refused),
});
