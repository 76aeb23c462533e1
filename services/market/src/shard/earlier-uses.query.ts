import { Inject, Injectable } from '@nestjs/common';
import { microMoney, microTokens } from '@specie/quantities';
import { DataSource, In } from 'typeorm';
import { contentOf, keyOf, type NamingCommand } from './chosen-ids.js';
import type { PlaceOrderRejection } from './order-rejections.js';
import type {
  CancelOrder,
  EarlierUse,
  OrderTerms,
  PlaceOrder,
  ReplaceOrder,
  ShardCommand,
} from './shard.commands.js';
import {
  orderTable,
  refusedOrderTable,
  type OrderRow,
  type RefusedOrderRow,
} from './shard.table.js';

interface MovementUse {
  readonly kind: Exclude<NamingCommand['kind'], 'place-order'>;
  readonly id: string;
  readonly partyId: string;
  readonly seriesId: string;
  readonly quantity: string;
}

const movementUses = `
  select case kind when 'deposit' then 'deposit-cash' else 'withdraw-cash' end as kind, movement_id as id,
         party_id as "partyId", null as "seriesId", amount as quantity
    from cash_movements where movement_id = any($1::uuid[])
  union all
  select 'credit-tokens', escrow_id, party_id, series_id, quantity
    from token_deposits where escrow_id = any($1::uuid[])
  union all
  select 'request-withdrawal', withdrawal_id, party_id, series_id, quantity
    from withdrawals where withdrawal_id = any($1::uuid[])`;

/** What refusals were called before orders were matched by the core. */
const formerNames: Readonly<Record<string, PlaceOrderRejection>> = {
  market_order_rests: 'combination_invalid',
  price_not_positive: 'price_out_of_range',
};

/** What the ids of commands were used for before. Rows of another kind or owner have another key. */
@Injectable()
export class EarlierUsesQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async find(commands: readonly ShardCommand[]): Promise<ReadonlyMap<string, EarlierUse>> {
    const orderIds = commands.filter(isAboutOrder).map(({ orderId }) => orderId);
    const movementIds = commands.flatMap(movementIdOf);
    const [orders, movements] = await Promise.all([
      orderIds.length > 0 ? this.orderUses(orderIds) : [],
      movementIds.length > 0
        ? this.dataSource.query<MovementUse[]>(movementUses, [movementIds])
        : [],
    ]);
    const movementsUsed = movements.map((movement) => {
      const command = movementCommand(movement);
      return [keyOf(command) ?? '', { content: contentOf(command), refusal: null }] as const;
    });
    return new Map([...orders, ...movementsUsed]);
  }

  /** New ids are the rule: whether one was used is asked first, and cheaply. */
  private async orderUses(orderIds: readonly string[]): Promise<(readonly [string, EarlierUse])[]> {
    const used = await this.dataSource.query<{ readonly order_id: string }[]>(
      `select order_id from orders where order_id = any($1::uuid[])
       union select order_id from refused_orders where order_id = any($1::uuid[])`,
      [orderIds],
    );
    if (used.length === 0) {
      return [];
    }
    const where = { orderId: In(used.map((row) => row.order_id)) };
    const [accepted, refused] = await Promise.all([
      this.dataSource.getRepository(orderTable.entity).find({ where }),
      this.dataSource.getRepository(refusedOrderTable.entity).find({ where }),
    ]);
    return [
      ...accepted.map((row) => use(row, contentOf(acceptedCommand(row)), null)),
      ...refused.map((row) => {
        const command = refusedCommand(row);
        const refusal = formerNames[row.reason] ?? (row.reason as PlaceOrderRejection);
        return use(row, command && contentOf(command), refusal);
      }),
    ];
  }
}

function use(
  row: OrderRow | RefusedOrderRow,
  content: string | null,
  refusal: PlaceOrderRejection | null,
): readonly [string, EarlierUse] {
  const { partyId, orderId } = row;
  return [keyOf({ kind: 'cancel-order', partyId, orderId }) ?? '', { content, refusal }];
}

function isAboutOrder(command: ShardCommand): command is CancelOrder | PlaceOrder | ReplaceOrder {
  return (
    command.kind === 'place-order' ||
    command.kind === 'cancel-order' ||
    command.kind === 'replace-order'
  );
}

function movementIdOf(command: ShardCommand): readonly string[] {
  switch (command.kind) {
    case 'deposit-cash':
      return [command.depositId];
    case 'credit-tokens':
      return [command.escrowId];
    case 'withdraw-cash':
    case 'request-withdrawal':
      return [command.withdrawalId];
    default:
      return [];
  }
}

/** What was asked when the order was placed. */
function acceptedCommand(row: OrderRow): PlaceOrder {
  return {
    ...{ kind: 'place-order', orderId: row.orderId, partyId: row.partyId },
    ...{ seriesId: row.seriesId, side: row.side, orderKind: row.kind },
    timeInForce: row.timeInForce,
    priceTicks: row.askedPriceTicks ?? row.priceTicks,
    quantityLots: row.askedQuantityLots ?? row.quantityLots,
    ...rareTerms({ ...row, stopPriceTicks: row.askedStopPriceTicks ?? row.stopPriceTicks }),
  };
}

function refusedCommand(row: RefusedOrderRow): PlaceOrder | null {
  const { orderId, partyId, seriesId, side, kind, timeInForce, priceTicks, quantityLots } = row;
  const isKept = side && kind && timeInForce && priceTicks !== null && quantityLots !== null;
  if (!isKept) return null;
  return {
    ...{ kind: 'place-order', orderId, partyId, seriesId, side, orderKind: kind },
    ...{ timeInForce, priceTicks, quantityLots },
    ...rareTerms(row),
  };
}

function rareTerms(
  row: Pick<
    OrderRow,
    | 'clientOrderId'
    | 'quoteAmount'
    | 'displayLots'
    | 'stopPriceTicks'
    | 'expiresAt'
    | 'selfTradePrevention'
    | 'postOnly'
    | 'ocoOrderId'
  >,
): Partial<OrderTerms> {
  return {
    clientOrderId: row.clientOrderId ?? undefined,
    quoteAmount: row.quoteAmount ?? undefined,
    displayLots: row.displayLots ?? undefined,
    stopPriceTicks: row.stopPriceTicks ?? undefined,
    expiresAt: row.expiresAt?.toISOString(),
    selfTradePrevention: row.selfTradePrevention ?? undefined,
    postOnly: row.postOnly ?? undefined,
    ocoOrderId: row.ocoOrderId ?? undefined,
  };
}

/** The command that made the row. */
function movementCommand({ kind, id, partyId, seriesId, quantity }: MovementUse): NamingCommand {
  const amount = microMoney(BigInt(quantity));
  const tokens = microTokens(BigInt(quantity));
  switch (kind) {
    case 'deposit-cash':
      return { kind, depositId: id, partyId, currency: 'USD', amount };
    case 'withdraw-cash':
      return { kind, withdrawalId: id, partyId, currency: 'USD', amount };
    case 'credit-tokens':
      return { kind, escrowId: id, partyId, seriesId, quantity: tokens };
    case 'request-withdrawal':
      return { kind, withdrawalId: id, partyId, seriesId, quantity: tokens };
  }
}
