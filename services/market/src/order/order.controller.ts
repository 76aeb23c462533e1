import { Controller, Delete, Get, Inject, Post, Put } from '@nestjs/common';
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
import { CancelOrderHandler } from './cancel-order.handler.js';
import { MassCancelHandler } from './mass-cancel.handler.js';
import {
  cancelOrdersQuery,
  cancelOrdersResponse,
  oneOrderResponse,
  orderParams,
  ordersQuery,
  ordersResponse,
  placeOrderRequest,
  placeOrderResponse,
  replaceOrderRequest,
  replaceOrderResponse,
} from './order.dto.js';
import { OrderQuery } from './order.query.js';
import { cancelOrderStatus, placeOrderStatus, replaceOrderStatus } from './order.refusals.js';
import { PlaceOrderHandler } from './place-order.handler.js';
import { ReplaceOrderHandler } from './replace-order.handler.js';

const place = {
  summary: 'Place an order for your own trading account',
  description:
    'Limit, market (by quantity or by amount), stop and stop-limit orders, icebergs, post-only, one-cancels-the-other. Answered after the order, its trades and settlements are durable.',
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

const replace = {
  summary: 'Replace price and quantity of an open order of yours',
  description:
    'An order that only gets smaller keeps its place in the queue; any other change puts it last at its price, and it may trade at once.',
  roles: ['founder', 'investor', 'provider-admin'],
  params: orderParams,
  body: replaceOrderRequest,
  response: replaceOrderResponse,
  status: 200,
  rejections: replaceOrderStatus,
} as const;

const cancelOwn = {
  summary: 'Cancel all open orders of yours',
  description: 'In one book or in all.',
  roles: ['founder', 'investor', 'provider-admin'],
  query: cancelOrdersQuery,
  response: cancelOrdersResponse,
} as const;

const cancelAll = {
  summary: 'Cancel all open orders of a party',
  description: 'In one book or in all. The kill switch also refuses new ones.',
  roles: ['market-operator'],
  params: partyParams,
  query: cancelOrdersQuery,
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
    @Inject(ReplaceOrderHandler) private readonly replaceOrder: ReplaceOrderHandler,
    @Inject(MassCancelHandler) private readonly massCancel: MassCancelHandler,
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

  @Put('orders/:orderId')
  @Operation(replace)
  replace(@Input() { params, body }: InputOf<typeof replace>, @Command() context: CommandContext) {
    return answerOf(this.replaceOrder.handle({ ...params, ...body }, context), replaceOrderStatus);
  }

  @Post('order-cancellations')
  @Operation(cancelOwn)
  cancelOwn(@Input() { query }: InputOf<typeof cancelOwn>, @Command() context: CommandContext) {
    return answerOf(this.massCancel.handle({ ...query, partyId: context.actor }, context), {});
  }

  @Post('parties/:partyId/order-cancellations')
  @Operation(cancelAll)
  cancelAll(
    @Input() { params, query }: InputOf<typeof cancelAll>,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.massCancel.handle({ ...params, ...query }, context), {});
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
