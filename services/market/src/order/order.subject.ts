import { defineSubject } from '@specie/nest-platform';
import { CancelOrderHandler } from './cancel-order.handler.js';
import { MassCancelHandler } from './mass-cancel.handler.js';
import { OrdersController } from './order.controller.js';
import { refusedOrderProjection } from './order.projection.js';
import { OrderQuery } from './order.query.js';
import { orderRefusals } from './order.refusals.js';
import { refusedOrderTable } from '../shard/shard.table.js';
import { PlaceOrderHandler } from './place-order.handler.js';
import { ReplaceOrderHandler } from './replace-order.handler.js';

/** Orders, accepted and refused. */
export const orderSubject = defineSubject({
  name: 'order',
  tables: [refusedOrderTable],
  projections: [refusedOrderProjection],
  controllers: [OrdersController],
  providers: [
    PlaceOrderHandler,
    CancelOrderHandler,
    ReplaceOrderHandler,
    MassCancelHandler,
    OrderQuery,
  ],
  refusals: orderRefusals,
  tags: { orders: 'Place, find and cancel orders; your trades.' },
});
