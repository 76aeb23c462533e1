import { Controller, Delete, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext, JsonValue } from '@specie/event-sourcing';
import {
  answerOf,
  Caller,
  Command,
  Conflict,
  decodeCursor,
  derivedId,
  Input,
  Operation,
  pageFrom,
  writeResponse,
  type CallerIdentity,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { microMoney } from '@specie/quantities';
import { DataSource, LessThan, type FindOptionsWhere } from 'typeorm';
import type { ExchangeEvent, PlaceOrderRejection } from '../domain/exchange/index.js';
import {
  OrderEntity,
  RefusedOrderEntity,
  TradeEntity,
  type OrderRow,
  type RefusedOrderRow,
  type TradeRow,
} from '../projections/rows.js';
import { ShardWriter } from '../writer/shard-writer.js';
import { onlyOne, ownedBy, partyScope } from './accounts.controller.js';
import {
  cancelOrdersResponse,
  numberCursor,
  oneOrderResponse,
  orderParams,
  ordersQuery,
  ordersResponse,
  ownerQuery,
  partyParams,
  placeOrderRequest,
  placeOrderResponse,
  tradesQuery,
  tradesResponse,
  type OrderResponse,
  type PlaceOrderResponse,
  type RefusedOrderResponse,
  type TradeResponse,
} from './market.dto.js';
import { cancelOrderStatus, placeOrderStatus } from './rejection-status.js';

const placeInput = { body: placeOrderRequest };
const orderInput = { params: orderParams, query: ownerQuery };
const killInput = { params: partyParams };
const ordersInput = { query: ordersQuery };
const tradesInput = { query: tradesQuery };

@Controller()
export class OrdersController {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Post('orders')
  @Operation({
    summary: 'Place an order for your own trading account',
    description:
      'A market order carries a protection price and never rests. Answered after the order, its trades and settlements are durable.',
    roles: ['founder', 'investor', 'provider-admin'],
    ...placeInput,
    response: placeOrderResponse,
    rejections: placeOrderStatus,
  })
  async place(
    @Input() { body }: InputOf<typeof placeInput>,
    @Caller() { partyId }: CallerIdentity,
    @Command() context: CommandContext,
  ) {
    const { kind: orderKind, ...order } = body;
    const orderId = body.orderId ?? derivedId('order', context.commandId);
    const handled = await this.writer.submit({
      command: { kind: 'place-order', ...order, orderKind, orderId, partyId },
      context,
      // A repeat under a new key made no events; how its order stands is asked when it is answered.
      answer: (events, streamVersion) =>
        events.length === 0
          ? { id: orderId, streamVersion }
          : placedOrder(orderId, events, streamVersion),
    });
    const answered = answerOf<WriteResponse | PlaceOrderResponse, PlaceOrderRejection>(
      handled,
      placeOrderStatus,
    );
    return 'status' in answered
      ? answered
      : { ...answered, ...(await this.standing(partyId, orderId)) };
  }

  @Delete('orders/:orderId')
  @Operation({
    summary: 'Cancel an open order',
    description: 'What it reserved is free again. A cancelled or filled order is refused.',
    roles: ['founder', 'investor', 'provider-admin', 'market-operator'],
    ...orderInput,
    response: writeResponse,
    status: 200,
    rejections: { ...cancelOrderStatus, order_ambiguous: 409, not_your_account: 403 },
  })
  async cancel(
    @Input() { params, query }: InputOf<typeof orderInput>,
    @Caller() caller: CallerIdentity,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const partyId = await this.ownerOf(params.orderId, caller, query.partyId);
    const handled = await this.writer.submit({
      command: { kind: 'cancel-order', ...params, partyId },
      context,
      answer: (_events, streamVersion) => ({ id: params.orderId, streamVersion }),
    });
    if (handled.outcome === 'rejected' && handled.code === 'order_refused') {
      throw await this.refusalOf({ ...params, partyId }, handled.repeated);
    }
    return answerOf(handled, cancelOrderStatus);
  }

  @Post('parties/:partyId/order-cancellations')
  @Operation({
    summary: 'Cancel every open order of a party (kill switch)',
    description: 'For an operator who must stop a party at once.',
    roles: ['market-operator'],
    ...killInput,
    response: cancelOrdersResponse,
  })
  async cancelAll(
    @Input() { params }: InputOf<typeof killInput>,
    @Command() context: CommandContext,
  ) {
    const handled = await this.writer.submit({
      command: { kind: 'cancel-all-orders', ...params },
      context,
      answer: (events, streamVersion) => ({
        id: params.partyId,
        streamVersion,
        cancelled: events.length,
      }),
    });
    return answerOf(handled, {});
  }

  @Get('orders/:orderId')
  @Operation({
    summary: 'Show an order',
    description: 'Also one that was refused, with the reason.',
    roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
    ...orderInput,
    response: oneOrderResponse,
    rejections: { order_unknown: 404, order_ambiguous: 409, not_your_account: 403 },
  })
  async one(
    @Input() { params, query }: InputOf<typeof orderInput>,
    @Caller() caller: CallerIdentity,
  ) {
    const rows = await this.rowsOf({ ...params, ...ownedBy(caller, query.partyId) });
    const row = onlyOne(rows, 'order');
    return 'refusedAt' in row ? toRefusedOrder(row) : toOrder(row);
  }

  @Get('orders')
  @Operation({
    summary: 'List orders, newest first: your own, or any for operator and auditor',
    description: 'Filter by status, series and party. Refused orders are found by their id only.',
    roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
    ...ordersInput,
    response: ordersResponse,
    rejections: { not_your_account: 403 },
  })
  async list(@Input() { query }: InputOf<typeof ordersInput>, @Caller() caller: CallerIdentity) {
    const partyId = partyScope(caller, query.partyId);
    const before = decodeCursor(query.cursor, numberCursor)?.before;
    const where: FindOptionsWhere<OrderRow> = {
      ...(partyId === undefined ? {} : { partyId }),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.seriesId === undefined ? {} : { seriesId: query.seriesId }),
      ...(before === undefined ? {} : { orderNumber: LessThan(before) }),
    };
    const rows = await this.dataSource
      .getRepository(OrderEntity)
      .find({ where, order: { orderNumber: 'DESC' }, take: query.limit + 1 });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: toOrder,
      after: ({ orderNumber }) => ({ before: orderNumber }),
    });
  }

  @Get('trades')
  @Operation({
    summary: 'List trades, newest first: your own, or any for operator and auditor',
    description: 'With both parties, the notional and the fees of both sides.',
    roles: ['founder', 'investor', 'provider-admin', 'market-operator', 'auditor'],
    ...tradesInput,
    response: tradesResponse,
    rejections: { not_your_account: 403 },
  })
  async trades(@Input() { query }: InputOf<typeof tradesInput>, @Caller() caller: CallerIdentity) {
    const partyId = partyScope(caller, query.partyId);
    const before = decodeCursor(query.cursor, numberCursor)?.before;
    const shared: FindOptionsWhere<TradeRow> = {
      ...(query.seriesId === undefined ? {} : { seriesId: query.seriesId }),
      ...(before === undefined ? {} : { tradeNumber: LessThan(before) }),
    };
    const where =
      partyId === undefined
        ? shared
        : [
            { ...shared, buyerPartyId: partyId },
            { ...shared, sellerPartyId: partyId },
          ];
    const rows = await this.dataSource
      .getRepository(TradeEntity)
      .find({ where, order: { tradeNumber: 'DESC' }, take: query.limit + 1 });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: toTrade,
      after: ({ tradeNumber }) => ({ before: tradeNumber }),
    });
  }

  /** Accepted and refused orders; an id is one of them for each party. */
  private async rowsOf(where: {
    readonly orderId: string;
    readonly partyId?: string;
  }): Promise<readonly (OrderRow | RefusedOrderRow)[]> {
    const [accepted, refused] = await Promise.all([
      this.dataSource.getRepository(OrderEntity).find({ where, take: 2 }),
      this.dataSource.getRepository(RefusedOrderEntity).find({ where, take: 2 }),
    ]);
    return [...accepted, ...refused];
  }

  /** Whose order a caller cancels: the own one, or for the operator the one with this id. */
  private async ownerOf(
    orderId: string,
    caller: CallerIdentity,
    asked: string | undefined,
  ): Promise<string> {
    const partyId = partyScope(caller, asked);
    return partyId ?? onlyOne(await this.rowsOf({ orderId }), 'order').partyId;
  }

  /** Why an order that was refused cannot be cancelled. */
  private async refusalOf(
    order: { readonly orderId: string; readonly partyId: string },
    repeated: boolean,
  ): Promise<Conflict> {
    const row = await this.dataSource.getRepository(RefusedOrderEntity).findOneBy(order);
    const message = 'This is why the order was refused when it was placed.';
    return new Conflict('order_refused', {
      detail: 'The order was refused when it was placed, so there is nothing to cancel.',
      violations: row ? [{ path: 'params.orderId', code: row.reason, message }] : [],
      repeated,
    });
  }

  private async standing(
    partyId: string,
    orderId: string,
  ): Promise<Pick<OrderRow, 'status' | 'filledLots' | 'leavesLots'>> {
    const { status, filledLots, leavesLots } = await this.dataSource
      .getRepository(OrderEntity)
      .findOneByOrFail({ partyId, orderId });
    return { status, filledLots, leavesLots };
  }
}

/** How the order stands after the command that placed it. */
function placedOrder(
  orderId: string,
  events: readonly ExchangeEvent[],
  streamVersion: number,
): JsonValue {
  let quantityLots = 0;
  let filledLots = 0;
  let cancelledLots = 0;
  for (const { type, data } of events) {
    if (type === 'market.order-accepted') {
      quantityLots = data.quantityLots;
    } else if (type === 'market.trade-executed') {
      filledLots += data.quantityLots;
    } else if (type === 'market.order-cancelled' && data.orderId === orderId) {
      cancelledLots = data.leavesLots;
    }
  }
  const leavesLots = quantityLots - filledLots - cancelledLots;
  const status = leavesLots > 0 ? 'open' : cancelledLots > 0 ? 'cancelled' : 'filled';
  return { id: orderId, streamVersion, status, filledLots, leavesLots };
}

function toOrder(row: OrderRow): OrderResponse {
  return { ...row, acceptedAt: row.acceptedAt.toISOString() };
}

function toRefusedOrder({ reason, refusedAt, ...row }: RefusedOrderRow): RefusedOrderResponse {
  return {
    ...row,
    status: 'refused',
    refusalReason: reason,
    refusedAt: refusedAt.toISOString(),
  };
}

function toTrade(row: TradeRow): TradeResponse {
  return {
    ...row,
    notional: microMoney(row.notional),
    buyerFee: microMoney(row.buyerFee),
    sellerFee: microMoney(row.sellerFee),
    executedAt: row.executedAt.toISOString(),
  };
}
