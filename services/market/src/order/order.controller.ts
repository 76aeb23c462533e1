import { Controller, Delete, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Input,
  Operation,
  writeResponse,
  type CallerIdentity,
  type InputOf,
} from '@specie/nest-platform';
import { ownerQuery, partyParams } from '../shard/party.dto.js';
import { tradesQuery, tradesResponse } from '../trade/trade.dto.js';
import { TradeQuery } from '../trade/trade.query.js';
import { CancelAllOrdersHandler } from './cancel-all-orders.handler.js';
import { CancelOrderHandler } from './cancel-order.handler.js';
import {
  cancelOrdersResponse,
  oneOrderResponse,
  orderParams,
  ordersQuery,
  ordersResponse,
  placeOrderRequest,
  placeOrderResponse,
} from './order.dto.js';
import { OrderQuery } from './order.query.js';
import { cancelOrderStatus, placeOrderStatus } from './order.refusals.js';
import { PlaceOrderHandler } from './place-order.handler.js';

const place = {
  summary: 'Place an order for your own trading account',
  description:
    'A market order carries a protection price and never rests. Answered after the order, its trades and settlements are durable.',
  roles: ['founder', 'investor', 'provider-admin'],
  body: placeOrderRequest,
  response: placeOrderResponse,
  rejections: placeOrderStatus,
} as const;

const cancel = {
  summary: 'Cancel an open order',
  description: 'What it reserved is free again. A cancelled or filled order is refused.',
  roles: ['founder', 'investor', 'provider-admin', 'market-operator'],
  params: orderParams,
  query: ownerQuery,
  response: writeResponse,
  status: 200,
  rejections: { ...cancelOrderStatus, order_ambiguous: 409, not_your_account: 403 },
} as const;

const cancelAll = {
  summary: 'Cancel every open order of a party (kill switch)',
  description: 'For an operator who must stop a party at once.',
  roles: ['market-operator'],
  params: partyParams,
  response: cancelOrdersResponse,
} as const;

const one = {
  summary: 'Show an order',
  description: 'Also one that was refused, with the reason.',
  roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
  params: orderParams,
  query: ownerQuery,
  response: oneOrderResponse,
  rejections: { order_unknown: 404, order_ambiguous: 409, not_your_account: 403 },
} as const;

const list = {
  summary: 'List orders, newest first: your own, or any for operator and auditor',
  description: 'Filter by status, series and party. Refused orders are found by their id only.',
  roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
  query: ordersQuery,
  response: ordersResponse,
  rejections: { not_your_account: 403 },
} as const;

const trades = {
  summary: 'List trades, newest first: your own, or any for operator and auditor',
  description: 'With both parties, the notional and the fees of both sides.',
  roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
  query: tradesQuery,
  response: tradesResponse,
  rejections: { not_your_account: 403 },
} as const;

@Controller()
export class OrdersController {
  constructor(
    @Inject(PlaceOrderHandler) private readonly placeOrder: PlaceOrderHandler,
    @Inject(CancelOrderHandler) private readonly cancelOrder: CancelOrderHandler,
    @Inject(CancelAllOrdersHandler) private readonly cancelAllOrders: CancelAllOrdersHandler,
    @Inject(OrderQuery) private readonly orders: OrderQuery,
    @Inject(TradeQuery) private readonly tradesOf: TradeQuery,
  ) {}

  @Post('orders')
  @Operation(place)
  place(@Input() { body }: InputOf<typeof place>, @Command() context: CommandContext) {
    return answerOf(this.placeOrder.handle(body, context), placeOrderStatus);
  }

  @Delete('orders/:orderId')
  @Operation(cancel)
  cancel(
    @Input() { params, query }: InputOf<typeof cancel>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    const command = { ...params, ...query };
    return answerOf(this.cancelOrder.handle(command, context, caller), cancelOrderStatus);
  }

  @Post('parties/:partyId/order-cancellations')
  @Operation(cancelAll)
  cancelAll(@Input() { params }: InputOf<typeof cancelAll>, @Command() context: CommandContext) {
    return answerOf(this.cancelAllOrders.handle(params, context), {});
  }

  @Get('orders/:orderId')
  @Operation(one)
  one(@Input() { params, query }: InputOf<typeof one>, @Caller() caller: CallerIdentity) {
    return this.orders.one(params.orderId, query.partyId, caller);
  }

  @Get('orders')
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>, @Caller() caller: CallerIdentity) {
    return this.orders.list(query, caller);
  }

  @Get('trades')
  @Operation(trades)
  trades(@Input() { query }: InputOf<typeof trades>, @Caller() caller: CallerIdentity) {
    return this.tradesOf.list(query, caller);
  }
}
