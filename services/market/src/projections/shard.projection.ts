import { eventCodec } from '@specie/contracts';
import { assertNever, assertPossible, type RecordedEvent } from '@specie/event-sourcing';
import type { Projection } from '@specie/nest-platform';
import { microTokensPerLot } from '@specie/quantities';
import type { EntityManager } from 'typeorm';
import type { ExchangeEvent } from '../domain/exchange/index.js';
import { addToRows, insertRows, updateRows, type Row } from '@specie/postgres-event-store';

type EventData<Type extends ExchangeEvent['type']> = Extract<ExchangeEvent, { type: Type }>['data'];

/** An order is named by its owner and the id that the owner chose. */
type OrderName = Readonly<Record<'partyId' | 'orderId', string>>;

/** What the projection must know of an order to follow its reservation. */
interface OrderState {
  readonly seriesId: string;
  readonly partyId: string;
  readonly side: 'buy' | 'sell';
  readonly reservedPerLot: bigint;
  filledLots: number;
  leavesLots: number;
  status: 'open' | 'filled' | 'cancelled';
  cancelReason: string | null;
}

interface Change {
  available: bigint;
  reserved: bigint;
}

/** Orders, trades, balances, fees and movements: everything of the shard that can be asked for. */
export const shardProjection: Projection = {
  name: 'shard',
  apply: async (manager, recorded) => {
    const shard = recorded.filter(({ type }) => type !== 'market.state-attested');
    const batch = new ShardBatch(await knownOrders(manager, shard));
    shard.forEach((event) => batch.fold(event));
    await batch.write(manager);
  },
};

/** Folds a batch of events in memory and writes it with a few statements per table. */
class ShardBatch {
  private readonly rows = new Map<string, Row[]>();
  private readonly touchedOrders = new Map<string, OrderName>();
  private readonly endedWithdrawals: Row[] = [];
  private readonly cash = new Map<string, Change>();
  private readonly tokens = new Map<
    string,
    Change & { readonly seriesId: string; readonly partyId: string }
  >();
  private readonly fees = new Map<string, bigint>();
  private readonly orders: Map<string, OrderState>;

  constructor(orders: Map<string, OrderState>) {
    this.orders = orders;
  }

  fold(recorded: RecordedEvent): void {
    const event = eventCodec.decode(recorded) as ExchangeEvent;
    const at = recorded.occurredAt;
    switch (event.type) {
      case 'market.book-opened':
        this.add('books', { ...columns(event.data), opened_at: at });
        return;
      case 'market.cash-deposited':
        this.moveCash(event.data.depositId, 'deposit', event.data, at);
        return;
      case 'market.cash-withdrawn':
        this.moveCash(event.data.withdrawalId, 'withdrawal', event.data, at);
        return;
      case 'market.tokens-deposited':
        this.add('token_deposits', { ...columns(event.data), deposited_at: at });
        this.changeTokens(event.data.seriesId, event.data.partyId, event.data.quantity, 0n);
        return;
      case 'market.withdrawal-requested':
        this.add('withdrawals', { ...columns(event.data), status: 'requested', requested_at: at });
        this.changeTokens(event.data.seriesId, event.data.partyId, 0n - event.data.quantity, 0n);
        return;
      case 'market.withdrawal-completed':
        this.endWithdrawal(event.data, { status: 'completed', reason: null, at });
        return;
      case 'market.withdrawal-reverted':
        this.endWithdrawal(event.data, { status: 'reverted', reason: event.data.reason, at });
        this.changeTokens(event.data.seriesId, event.data.partyId, event.data.quantity, 0n);
        return;
      case 'market.order-refused':
        this.add('refused_orders', { ...columns(event.data), refused_at: at });
        return;
      case 'market.order-accepted':
        this.acceptOrder(event.data, at);
        return;
      case 'market.trade-executed':
        this.settleTrade(event.data, at);
        return;
      case 'market.order-cancelled':
        this.cancelOrder(event.data);
        return;
      default:
        assertNever(event);
    }
  }

  async write(manager: EntityManager): Promise<void> {
    for (const [table, rows] of this.rows) {
      await insertRows(
        manager,
        table,
        table === 'orders' ? rows.map((row) => this.withState(row)) : rows,
      );
    }
    const orderColumns = ['filled_lots', 'leaves_lots', 'status', 'cancel_reason'];
    await updateRows(
      manager,
      { table: 'orders', keys: ['order_id', 'party_id'], columns: orderColumns },
      [...this.touchedOrders.values()].map((named) => this.withState(columns(named))),
    );
    const ended = {
      table: 'withdrawals',
      keys: ['withdrawal_id', 'party_id'],
      columns: ['status', 'reason', 'ended_at'],
    };
    await updateRows(manager, ended, this.endedWithdrawals);
    const columnsOfBalance = ['available', 'reserved'];
    const cash = [...this.cash].map(([partyId, change]) => ({
      party_id: partyId,
      ...amounts(change),
    }));
    await addToRows(
      manager,
      { table: 'cash_balances', keys: ['party_id'], columns: columnsOfBalance },
      sorted(cash),
    );
    const tokens = [...this.tokens.values()].map((change) => ({
      series_id: change.seriesId,
      party_id: change.partyId,
      ...amounts(change),
    }));
    await addToRows(
      manager,
      { table: 'token_balances', keys: ['series_id', 'party_id'], columns: columnsOfBalance },
      sorted(tokens),
    );
    const fees = [...this.fees].map(([currency, earned]) => ({
      currency,
      earned: earned.toString(),
    }));
    await addToRows(manager, { table: 'fees', keys: ['currency'], columns: ['earned'] }, fees);
  }

  private acceptOrder(data: EventData<'market.order-accepted'>, at: string): void {
    const { reserved, ...order } = data;
    const reservedPerLot = BigInt(reserved) / BigInt(data.quantityLots);
    this.orders.set(keyOfOrder(data), {
      seriesId: data.seriesId,
      partyId: data.partyId,
      side: data.side,
      reservedPerLot,
      filledLots: 0,
      leavesLots: data.quantityLots,
      status: 'open',
      cancelReason: null,
    });
    this.add('orders', {
      ...columns(order),
      reserved_per_lot: reservedPerLot.toString(),
      accepted_at: at,
    });
    this.reserve(this.order(data), data.quantityLots);
  }

  private settleTrade(data: EventData<'market.trade-executed'>, at: string): void {
    this.add('trades', { ...columns(data), executed_at: at });
    const names = tradedOrders(data);
    const [buy, sell] = [this.order(names.buy), this.order(names.sell)];
    const lots = BigInt(data.quantityLots);
    const notional = BigInt(data.notional);
    const set = buy.reservedPerLot * lots;
    this.changeCash(buy.partyId, set - notional - BigInt(data.buyerFee), -set);
    this.changeTokens(data.seriesId, buy.partyId, lots * microTokensPerLot, 0n);
    this.changeTokens(data.seriesId, sell.partyId, 0n, -lots * microTokensPerLot);
    this.changeCash(sell.partyId, notional - BigInt(data.sellerFee), 0n);
    // Every book trades in US dollars so far; a second currency needs the book's here.
    this.fees.set(
      'USD',
      (this.fees.get('USD') ?? 0n) + BigInt(data.buyerFee) + BigInt(data.sellerFee),
    );
    for (const named of [names.buy, names.sell]) {
      const order = this.order(named);
      order.filledLots += data.quantityLots;
      order.leavesLots -= data.quantityLots;
      order.status = order.leavesLots === 0 ? 'filled' : 'open';
      this.touchedOrders.set(keyOfOrder(named), named);
    }
  }

  private cancelOrder(data: EventData<'market.order-cancelled'>): void {
    const order = this.order(data);
    this.reserve(order, -data.leavesLots);
    order.leavesLots = 0;
    order.status = 'cancelled';
    order.cancelReason = data.reason;
    const { partyId, orderId } = data;
    this.touchedOrders.set(keyOfOrder(data), { partyId, orderId });
  }

  private moveCash(
    movementId: string,
    kind: 'deposit' | 'withdrawal',
    {
      partyId,
      currency,
      amount,
    }: { readonly partyId: string; readonly currency: string; readonly amount: bigint },
    at: string,
  ): void {
    const movement = {
      movement_id: movementId,
      party_id: partyId,
      kind,
      currency,
      amount: amount.toString(),
    };
    this.add('cash_movements', { ...movement, moved_at: at });
    this.changeCash(partyId, kind === 'deposit' ? amount : -amount, 0n);
  }

  private endWithdrawal(
    { partyId, withdrawalId }: { readonly partyId: string; readonly withdrawalId: string },
    {
      at,
      ...ended
    }: { readonly status: string; readonly reason: string | null; readonly at: string },
  ): void {
    const key = { withdrawal_id: withdrawalId, party_id: partyId };
    this.endedWithdrawals.push({ ...key, ...ended, ended_at: at });
  }

  private reserve(order: OrderState, lots: number): void {
    const amount = order.reservedPerLot * BigInt(lots);
    if (order.side === 'buy') {
      this.changeCash(order.partyId, -amount, amount);
    } else {
      this.changeTokens(order.seriesId, order.partyId, -amount, amount);
    }
  }

  private changeCash(partyId: string, available: bigint, reserved: bigint): void {
    const change = this.cash.get(partyId) ?? { available: 0n, reserved: 0n };
    change.available += available;
    change.reserved += reserved;
    this.cash.set(partyId, change);
  }

  private changeTokens(
    seriesId: string,
    partyId: string,
    available: bigint,
    reserved: bigint,
  ): void {
    const key = `${seriesId}/${partyId}`;
    const change = this.tokens.get(key) ?? { seriesId, partyId, available: 0n, reserved: 0n };
    change.available += available;
    change.reserved += reserved;
    this.tokens.set(key, change);
  }

  private order(named: OrderName): OrderState {
    const order = this.orders.get(keyOfOrder(named));
    assertPossible(order !== undefined, 'an order is accepted before it trades or ends');
    return order;
  }

  private withState(row: Row): Row {
    const { filledLots, leavesLots, status, cancelReason } = this.order({
      partyId: row['party_id'] as string,
      orderId: row['order_id'] as string,
    });
    return {
      ...row,
      filled_lots: filledLots,
      leaves_lots: leavesLots,
      status,
      cancel_reason: cancelReason,
    };
  }

  private add(table: string, row: Row): void {
    const rows = this.rows.get(table) ?? [];
    rows.push(row);
    this.rows.set(table, rows);
  }
}

function keyOfOrder({ partyId, orderId }: OrderName): string {
  return `${partyId}/${orderId}`;
}

function tradedOrders(
  data: EventData<'market.trade-executed'>,
): Readonly<Record<'buy' | 'sell', OrderName>> {
  const { makerOrderId, takerOrderId, buyerPartyId, sellerPartyId } = data;
  const takerBuys = data.takerSide === 'buy';
  return {
    buy: { partyId: buyerPartyId, orderId: takerBuys ? takerOrderId : makerOrderId },
    sell: { partyId: sellerPartyId, orderId: takerBuys ? makerOrderId : takerOrderId },
  };
}

/** The orders that the batch changes and an earlier one accepted. */
async function knownOrders(
  manager: EntityManager,
  recorded: readonly RecordedEvent[],
): Promise<Map<string, OrderState>> {
  const ids = new Set<string>();
  for (const { data } of recorded) {
    const fields = data as Readonly<Record<string, unknown>>;
    for (const name of ['orderId', 'makerOrderId', 'takerOrderId']) {
      if (typeof fields[name] === 'string') {
        ids.add(fields[name]);
      }
    }
  }
  if (ids.size === 0) {
    return new Map();
  }
  const rows = await manager.query<
    {
      readonly order_id: string;
      readonly series_id: string;
      readonly party_id: string;
      readonly side: 'buy' | 'sell';
      readonly reserved_per_lot: string;
      readonly filled_lots: number;
      readonly leaves_lots: number;
    }[]
  >(
    `select order_id, series_id, party_id, side, reserved_per_lot, filled_lots, leaves_lots
       from orders where order_id = any($1::uuid[]) and status = 'open'`,
    [[...ids]],
  );
  return new Map(
    rows.map((row) => [
      keyOfOrder({ partyId: row.party_id, orderId: row.order_id }),
      {
        seriesId: row.series_id,
        partyId: row.party_id,
        side: row.side,
        reservedPerLot: BigInt(row.reserved_per_lot),
        filledLots: row.filled_lots,
        leavesLots: row.leaves_lots,
        status: 'open',
        cancelReason: null,
      },
    ]),
  );
}

/** `{ orderId: 1n }` -> `{ order_id: "1" }` */
function columns(data: Readonly<Record<string, string | number | bigint | undefined>>): Row {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      typeof value === 'bigint' ? value.toString() : (value ?? null),
    ]),
  );
}

function amounts({ available, reserved }: Change): Row {
  return { available: available.toString(), reserved: reserved.toString() };
}

/** In one order always, so that two transactions cannot wait for each other. */
function sorted<T extends Row>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
