import { Inject, Injectable } from '@nestjs/common';
import { microMoney, microTokens } from '@specie/quantities';
import { DataSource } from 'typeorm';
import { contentOf, keyOf, type NamingCommand } from './chosen-ids.js';
import { type EarlierUse } from './shard.commands.js';
import type { CancelOrder, ShardCommand, PlaceOrder } from './shard.commands.js';
import type { PlaceOrderRejection } from './order-rejections.js';

/** A refused order has a reason; one refused before its content was kept has nothing else. */
interface OrderUse {
  readonly orderId: string;
  readonly partyId: string;
  readonly seriesId: string;
  readonly side: PlaceOrder['side'] | null;
  readonly orderKind: PlaceOrder['orderKind'];
  readonly timeInForce: PlaceOrder['timeInForce'];
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly reason: PlaceOrderRejection | null;
}

interface MovementUse {
  readonly kind: Exclude<NamingCommand['kind'], 'place-order'>;
  readonly id: string;
  readonly partyId: string;
  readonly seriesId: string;
  readonly quantity: string;
}

const orderUses = `
  select order_id as "orderId", party_id as "partyId", series_id as "seriesId", side, kind as "orderKind",
         time_in_force as "timeInForce", price_ticks as "priceTicks", quantity_lots as "quantityLots", null as reason
    from orders where order_id = any($1::uuid[])
  union all
  select order_id, party_id, series_id, side, kind, time_in_force, price_ticks, quantity_lots, reason
    from refused_orders where order_id = any($1::uuid[])`;

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

/** What the ids of commands were used for before. Rows of another kind or owner have another key. */
@Injectable()
export class EarlierUsesQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async find(commands: readonly ShardCommand[]): Promise<ReadonlyMap<string, EarlierUse>> {
    const orderIds = commands.filter(isAboutOrder).map(({ orderId }) => orderId);
    const movementIds = commands.flatMap(movementIdOf);
    const [orders, movements] = await Promise.all([
      orderIds.length > 0 ? this.dataSource.query<OrderUse[]>(orderUses, [orderIds]) : [],
      movementIds.length > 0
        ? this.dataSource.query<MovementUse[]>(movementUses, [movementIds])
        : [],
    ]);
    const uses = new Map<string, EarlierUse>();
    const add = (command: NamingCommand, use: Partial<EarlierUse>): void => {
      const key = keyOf(command);
      if (key !== null) {
        uses.set(key, { content: contentOf(command), refusal: null, ...use });
      }
    };
    for (const { reason, side, ...order } of orders) {
      const command = { kind: 'place-order', side: side ?? 'buy', ...order } as const;
      add(command, { refusal: reason, ...(side === null ? { content: null } : {}) });
    }
    for (const movement of movements) {
      add(movementCommand(movement), {});
    }
    return uses;
  }
}

function isAboutOrder(command: ShardCommand): command is CancelOrder | PlaceOrder {
  return command.kind === 'place-order' || command.kind === 'cancel-order';
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
    case 'open-book':
    case 'place-order':
    case 'cancel-order':
    case 'cancel-all-orders':
    case 'complete-withdrawal':
    case 'revert-withdrawal':
      return [];
  }
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
