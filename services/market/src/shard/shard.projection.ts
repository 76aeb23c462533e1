import type { CashDeposited, CashWithdrawn, OrderAccepted } from '@specie/contracts';
import { assertPossible } from '@specie/event-sourcing';
import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import { microTokensPerLot } from '@specie/quantities';
import type { EntityManager } from 'typeorm';
import type { ExchangeEvent } from './exchange.state.js';
import { cashTable, feeTable, orderTable, tokenTable, type OrderRow } from './exchange.table.js';
import { tradedOrders, type OrderName } from './traded-orders.js';

/** What must be known of an order to follow its reservation. */
type Followed = OrderName &
  Pick<
    OrderRow,
    'seriesId' | 'side' | 'reservedPerLot' | 'filledLots' | 'leavesLots' | 'status' | 'cancelReason'
  >;

interface Sums {
  available: bigint;
  reserved: bigint;
}

interface Changes {
  /** By owner and id: those accepted in the batch, and those before it that the batch changes. */
  readonly orders: Map<string, Followed>;
  readonly accepted: Map<string, OrderAccepted['data'] & { readonly acceptedAt: string }>;
  readonly cash: Map<string, Sums & { readonly partyId: string }>;
  readonly tokens: Map<string, Sums & { readonly seriesId: string; readonly partyId: string }>;
  /** Null without a trade: the first one makes the row, whatever it costs. */
  feesEarned: bigint | null;
}

/**
 * Orders, the balances that they reserve and trades settle, and fees. They are one projection because an order must be
 * known to follow its reservation, and a balance changes once for a batch: in between it may look overdrawn.
 */
export const exchangeProjection = defineProjection<ExchangeEvent, Changes>({
  name: 'exchange',
  changes: async (manager, events) => ({
    orders: await ordersBefore(manager, events),
    accepted: new Map(),
    cash: new Map(),
    tokens: new Map(),
    feesEarned: null,
  }),
  events: {
    'market.cash-deposited': (changes, { data }) => {
      moveCash(changes, data, data.amount);
    },
    'market.cash-withdrawn': (changes, { data }) => {
      moveCash(changes, data, 0n - data.amount);
    },
    'market.tokens-deposited': (changes, { data }) => {
      tokensOf(changes, data).available += data.quantity;
    },
    'market.withdrawal-requested': (changes, { data }) => {
      tokensOf(changes, data).available -= data.quantity;
    },
    'market.withdrawal-reverted': (changes, { data }) => {
      tokensOf(changes, data).available += data.quantity;
    },
    'market.order-accepted': (changes, { data, occurredAt }) => {
      const { seriesId, partyId, orderId, side, quantityLots } = data;
      const order: Followed = {
        ...{ seriesId, partyId, orderId, side },
        reservedPerLot: BigInt(data.reserved) / BigInt(quantityLots),
        filledLots: 0,
        leavesLots: quantityLots,
        status: 'open',
        cancelReason: null,
      };
      changes.accepted.set(keyOf(order), { ...data, acceptedAt: occurredAt });
      changes.orders.set(keyOf(order), order);
      reserve(changes, order, quantityLots);
    },
    'market.trade-executed': (changes, { data }) => {
      const { quantityLots } = data;
      const { buy: bought, sell: sold } = tradedOrders(data);
      const [buy, sell] = [orderOf(changes, bought), orderOf(changes, sold)];
      const lots = BigInt(quantityLots);
      const notional = BigInt(data.notional);
      const set = buy.reservedPerLot * lots;
      const paid = cashOf(changes, buy.partyId);
      paid.available += set - notional - BigInt(data.buyerFee);
      paid.reserved -= set;
      cashOf(changes, sell.partyId).available += notional - BigInt(data.sellerFee);
      tokensOf(changes, buy).available += lots * microTokensPerLot;
      tokensOf(changes, sell).reserved -= lots * microTokensPerLot;
      const fees = BigInt(data.buyerFee) + BigInt(data.sellerFee);
      changes.feesEarned = (changes.feesEarned ?? 0n) + fees;
      for (const order of [buy, sell]) {
        order.filledLots += quantityLots;
        order.leavesLots -= quantityLots;
        order.status = order.leavesLots === 0 ? 'filled' : 'open';
      }
    },
    'market.order-cancelled': (changes, { data }) => {
      const order = orderOf(changes, data);
      reserve(changes, order, -data.leavesLots);
      order.leavesLots = 0;
      order.status = 'cancelled';
      order.cancelReason = data.reason;
    },
    'market.book-opened': 'ignored',
    'market.order-refused': 'ignored',
    'market.withdrawal-completed': 'ignored',
  },
  write: async (manager, { orders, accepted, cash, tokens, feesEarned }) => {
    const isNew = (order: Followed): boolean => accepted.has(keyOf(order));
    await orderTable.insert(
      manager,
      [...accepted].map(([key, data]) => ({ ...data, ...followed(orders, key) })),
    );
    await orderTable.set(
      manager,
      [...orders.values()]
        .filter((order) => !isNew(order))
        .map(({ orderId, partyId, filledLots, leavesLots, status, cancelReason }) => ({
          ...{ orderId, partyId, filledLots, leavesLots, status, cancelReason },
        })),
    );
    await cashTable.addOrInsert(manager, inOrder(cash));
    await tokenTable.addOrInsert(manager, inOrder(tokens));
    // Every book trades in US dollars so far; a second currency needs the book's here.
    await feeTable.addOrInsert(
      manager,
      feesEarned === null ? [] : [{ currency: 'USD', earned: feesEarned }],
    );
  },
});

function moveCash(
  changes: Changes,
  { partyId }: (CashDeposited | CashWithdrawn)['data'],
  amount: bigint,
): void {
  cashOf(changes, partyId).available += amount;
}

function reserve(changes: Changes, order: Followed, lots: number): void {
  const amount = order.reservedPerLot * BigInt(lots);
  const sums = order.side === 'buy' ? cashOf(changes, order.partyId) : tokensOf(changes, order);
  sums.available -= amount;
  sums.reserved += amount;
}

function cashOf({ cash }: Changes, partyId: string): Sums {
  const sums = cash.get(partyId) ?? { partyId, available: 0n, reserved: 0n };
  cash.set(partyId, sums);
  return sums;
}

function tokensOf(
  { tokens }: Changes,
  { seriesId, partyId }: { readonly seriesId: string; readonly partyId: string },
): Sums {
  const key = `${seriesId}/${partyId}`;
  const sums = tokens.get(key) ?? { seriesId, partyId, available: 0n, reserved: 0n };
  tokens.set(key, sums);
  return sums;
}

function orderOf({ orders }: Changes, named: OrderName): Followed {
  return followed(orders, keyOf(named));
}

function followed(orders: Changes['orders'], key: string): Followed {
  const order = orders.get(key);
  assertPossible(order !== undefined, 'an order is accepted before it trades or ends');
  return order;
}

function keyOf({ partyId, orderId }: OrderName): string {
  return `${partyId}/${orderId}`;
}

/** The orders that the batch changes and an earlier one accepted. */
async function ordersBefore(
  manager: EntityManager,
  events: readonly PlacedEvent<ExchangeEvent>[],
): Promise<Map<string, Followed>> {
  const accepted = new Set<string>();
  const changed: OrderName[] = [];
  for (const { type, data } of events) {
    if (type === 'market.order-accepted') {
      accepted.add(keyOf(data));
    } else if (type === 'market.trade-executed') {
      changed.push(...Object.values(tradedOrders(data)));
    } else if (type === 'market.order-cancelled') {
      changed.push(data);
    }
  }
  const before = changed.filter((order) => !accepted.has(keyOf(order)));
  if (before.length === 0) {
    return new Map();
  }
  const names = new Set(before.map(keyOf));
  const rows = await manager.query<(Followed & { readonly reservedPerLot: string })[]>(
    `select order_id as "orderId", party_id as "partyId", series_id as "seriesId", side,
            reserved_per_lot as "reservedPerLot", filled_lots as "filledLots", leaves_lots as "leavesLots", status,
            cancel_reason as "cancelReason"
       from orders where order_id = any($1::uuid[]) and status = 'open'`,
    [before.map(({ orderId }) => orderId)],
  );
  return new Map(
    rows
      .map((row) => ({ ...row, reservedPerLot: BigInt(row.reservedPerLot) }))
      .filter((row) => names.has(keyOf(row)))
      .map((row) => [keyOf(row), row]),
  );
}

/** In the order of their keys, so that two transactions cannot wait for each other. */
function inOrder<Change>(changes: ReadonlyMap<string, Change>): Change[] {
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}
