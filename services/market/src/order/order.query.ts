import { Inject, Injectable } from '@nestjs/common';
import { decodeCursor, pageFrom, Readers, type CallerIdentity } from '@specie/nest-platform';
import { DataSource, LessThan } from 'typeorm';
import type { z } from 'zod';
import type { OrderName } from '../shard/shard.commands.js';
import { onlyOne } from '../shard/only-one.query.js';
import { sequence } from '../trade/trade.dto.js';
import {
  toOrderResponse,
  toRefusedOrderResponse,
  type oneOrderResponse,
  type ordersQuery,
  type ordersResponse,
} from './order.dto.js';
import {
  orderTable,
  refusedOrderTable,
  type OrderRow,
  type RefusedOrderRow,
} from '../shard/shard.table.js';
import type { Standing } from './placed-order.dto.js';

const readers = new Readers(['market-operator', 'auditor']);
/** An auditor reads every order, but acts for nobody. */
const operators = new Readers(['market-operator']);

@Injectable()
export class OrderQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Newest first. @throws Forbidden `not_your_account` */
  async list(
    {
      cursor,
      limit,
      status,
      seriesId,
      clientOrderId,
      partyId: asked,
    }: z.output<typeof ordersQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof ordersResponse>> {
    const partyId = readers.scope(caller, asked, 'not_your_account');
    const before = decodeCursor(cursor, sequence);
    const rows = await this.dataSource.getRepository(orderTable.entity).find({
      where: {
        ...(partyId === undefined ? {} : { partyId }),
        ...(status === undefined ? {} : { status }),
        ...(seriesId === undefined ? {} : { seriesId }),
        ...(clientOrderId === undefined ? {} : { clientOrderId }),
        ...(before === undefined ? {} : { orderNumber: LessThan(before) }),
      },
      order: { orderNumber: 'DESC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toOrderResponse, after: (row) => row.orderNumber });
  }

  /** An order, accepted or refused. @throws NotFound `order_unknown`, Conflict `order_ambiguous`, Forbidden `not_your_account` */
  async one(
    orderId: string,
    asked: string | undefined,
    caller: CallerIdentity,
  ): Promise<z.output<typeof oneOrderResponse>> {
    const partyId = readers.scope(caller, asked, 'not_your_account');
    const row = onlyOne(await this.rowsOf(orderId, partyId), 'order');
    return 'refusedAt' in row ? toRefusedOrderResponse(row) : toOrderResponse(row);
  }

  /**
   * Whose order the caller may cancel: the caller's own, or for an operator the one with this id.
   *
   * @throws NotFound `order_unknown`, Conflict `order_ambiguous`, Forbidden `not_your_account`
   */
  async ownerOf(
    orderId: string,
    asked: string | undefined,
    caller: CallerIdentity,
  ): Promise<string> {
    const partyId = operators.scope(caller, asked, 'not_your_account');
    return partyId ?? onlyOne(await this.rowsOf(orderId, undefined), 'order').partyId;
  }

  /** The newest order of the party with this reference of its own: the open one where one is; null without any. */
  async idOf({
    partyId,
    clientOrderId,
  }: {
    readonly partyId: string;
    readonly clientOrderId: string;
  }): Promise<string | null> {
    const where = { partyId, clientOrderId };
    const accepted = await this.dataSource
      .getRepository(orderTable.entity)
      .findOne({ where, order: { orderNumber: 'DESC' } });
    const found =
      accepted ??
      (await this.dataSource
        .getRepository(refusedOrderTable.entity)
        .findOne({ where, order: { refusedAt: 'DESC' } }));
    return found?.orderId ?? null;
  }

  /** How an accepted order stands now. */
  standing({ partyId, orderId }: OrderName): Promise<Standing> {
    return this.dataSource.getRepository(orderTable.entity).findOneByOrFail({ partyId, orderId });
  }

  /** Accepted and refused orders; an id is one of them for each party. */
  private async rowsOf(
    orderId: string,
    partyId: string | undefined,
  ): Promise<readonly (OrderRow | RefusedOrderRow)[]> {
    const where = { orderId, ...(partyId === undefined ? {} : { partyId }) };
    const [accepted, refused] = await Promise.all([
      this.dataSource.getRepository(orderTable.entity).find({ where, take: 2 }),
      this.dataSource.getRepository(refusedOrderTable.entity).find({ where, take: 2 }),
    ]);
    return [...accepted, ...refused];
  }
}
