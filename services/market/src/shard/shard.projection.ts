import type { CashDeposited, CashWithdrawn, OrderAccepted } from '@specie/contracts';
import { assertPossible } from '@specie/event-sourcing';
import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import { microTokensPerLot } from '@specie/quantities';
import type { EntityManager } from 'typeorm';
import { acceptedOrder, change, end, fill, perLot, type Followed } from './order-changes.js';
import type { OrderName } from './shard.commands.js';
import type { ShardEvent } from './shard-events.js';
import { cashTable, feeTable, orderTable, tokenTable } from './shard.table.js';
import { tradedOrders } from './traded-orders.js';

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
  /** The order that meets others now; it shows its whole peak once it rests. Null in an auction. */
  taker: Followed | null;
  /** Null without a trade: the first one makes the row, whatever it costs. */
  feesEarned: bigint | null;
}

/**
 * Orders, the balances that they reserve and trades settle, and fees. They are one projection because an order must be
 * known to follow its reservation, and a balance changes once for a batch: in between it may look overdrawn.
 */
export const shardProjection = defineProjection<ShardEvent, Changes>({
  name: 'shard',
  changes: async (manager, events) => ({
    orders: await ordersBefore(manager, events),
    accepted: new Map(),
    cash: new Map(),
    tokens: new Map(),
    taker: null,
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
      const order = acceptedOrder(data);
      changes.accepted.set(keyOf(order), { ...data, acceptedAt: occurredAt });
      changes.orders.set(keyOf(order), order);
      changes.taker = order;
      reserve(changes, order, order.reservedPerLot * BigInt(order.leavesLots));
    },
    'market.order-replaced': (changes, { data }) => {
      changes.taker = orderOf(changes, data);
      restate(changes, data, perLot(data.reserved, data.leavesLots));
    },
    'market.order-restated': (changes, { data }) => {
      const order = orderOf(changes, data);
      const taken = order.leavesLots - data.leavesLots;
      order.visibleLots -= taken;
      const keptPriority = order !== changes.taker;
      restate(changes, { ...data, keptPriority }, order.reservedPerLot);
    },
    'market.order-triggered': (changes, { data }) => {
      const { leavesLots, reserved } = data;
      const order = orderOf(changes, data);
      order.isPending = false;
      changes.taker = order;
      const same = { ...order, leavesLots, stopPriceTicks: undefined, keptPriority: false };
      restate(changes, same, perLot(reserved, leavesLots));
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
      const given = sell.reservedPerLot * lots;
      const tokensSold = tokensOf(changes, sell);
      tokensSold.reserved -= given;
      tokensSold.available += given - lots * microTokensPerLot;
      const fees = BigInt(data.buyerFee) + BigInt(data.sellerFee);
      changes.feesEarned = (changes.feesEarned ?? 0n) + fees;
      const isAuction = data.execution === 'auction';
      for (const order of [buy, sell]) {
        const rested = isAuction || order.side !== data.takerSide;
        fill(order, { lots: quantityLots, notional, rested });
      }
    },
    'market.order-cancelled': (changes, { data }) => {
      const order = orderOf(changes, data);
      reserve(changes, order, -order.reservedPerLot * BigInt(order.leavesLots));
      end(order, data.reason);
    },
    'market.phase-changed': (changes) => {
      changes.taker = null;
    },
    'market.account-limit-set': 'ignored',
    'market.auction-uncrossed': 'ignored',
    'market.bands-set': 'ignored',
    'market.book-opened': 'ignored',
    'market.kill-switch-set': 'ignored',
    'market.order-refused': 'ignored',
    'market.orders-mass-cancelled': 'ignored',
    'market.self-trade-prevented': 'ignored',
    'market.time-advanced': 'ignored',
    'market.withdrawal-completed': 'ignored',
  },
  write: async (manager, { orders, accepted, cash, tokens, feesEarned }) => {
    const isNew = (order: Followed): boolean => accepted.has(keyOf(order));
    await orderTable.insert(
      manager,
      [...accepted].map(([key, data]) => ({
        ...rowOf(data),
        ...fillsOf(followed(orders, key)),
        ...termsOf(followed(orders, key)),
      })),
    );
    const changed = [...orders.values()].filter((order) => !isNew(order));
    await orderTable.set(manager, changed.filter(({ hasNewTerms }) => !hasNewTerms).map(fillsOf));
    await orderTable.set(
      manager,
      changed
        .filter(({ hasNewTerms }) => hasNewTerms)
        .map((order) => ({
          ...fillsOf(order),
          ...termsOf(order),
        })),
    );
    await cashTable.addOrInsert(manager, inOrder(cash));
    await tokenTable.addOrInsert(manager, inOrder(tokens));
    await feeTable.addOrInsert(
      manager,
      feesEarned === null ? [] : [{ currency: 'USD', earned: feesEarned }],
    );
  },
});

/** What changes with fills and with the end of an order. */
function fillsOf(order: Followed) {
  return {
    orderId: order.orderId,
    partyId: order.partyId,
    filledLots: order.filledLots,
    filledNotional: order.filledNotional,
    leavesLots: order.leavesLots,
    visibleLots: order.visibleLots,
    status: order.status,
    cancelReason: order.cancelReason,
  };
}

/** What changes with a replacement, a restatement or a trigger. */
function termsOf(order: Followed) {
  return {
    priceTicks: order.priceTicks,
    quantityLots: order.quantityLots,
    stopPriceTicks: order.stopPriceTicks,
    reservedPerLot: order.reservedPerLot,
    isPending: order.isPending,
    askedPriceTicks: order.askedPriceTicks,
    askedQuantityLots: order.askedQuantityLots,
    askedStopPriceTicks: order.askedStopPriceTicks,
  };
}

/** The columns of an accepted order that do not change. */
function rowOf(data: OrderAccepted['data'] & { readonly acceptedAt: string }) {
  return {
    seriesId: data.seriesId,
    side: data.side,
    quoteAmount: data.quoteAmount ?? null,
    orderNumber: data.orderNumber,
    kind: data.kind,
    timeInForce: data.timeInForce,
    acceptedAt: data.acceptedAt,
    clientOrderId: data.clientOrderId ?? null,
    displayLots: data.displayLots ?? null,
    expiresAt: data.expiresAt ?? null,
    selfTradePrevention: data.selfTradePrevention ?? null,
    postOnly: data.postOnly ?? null,
    ocoOrderId: data.ocoOrderId ?? null,
  };
}

function moveCash(
  changes: Changes,
  { partyId }: (CashDeposited | CashWithdrawn)['data'],
  amount: bigint,
): void {
  cashOf(changes, partyId).available += amount;
}

/** Moves between available and reserved what the order sets aside: cash of a buy, tokens of a sell. */
function reserve(changes: Changes, order: Followed, amount: bigint): void {
  const sums = order.side === 'buy' ? cashOf(changes, order.partyId) : tokensOf(changes, order);
  sums.available -= amount;
  sums.reserved += amount;
}

/** Gives the order other terms, and moves the difference of what it sets aside. */
function restate(
  changes: Changes,
  changed: OrderName & Parameters<typeof change>[1],
  reservedPerLot: bigint,
): void {
  const order = orderOf(changes, changed);
  const before = order.reservedPerLot * BigInt(order.leavesLots);
  change(order, changed);
  order.reservedPerLot = reservedPerLot;
  reserve(changes, order, reservedPerLot * BigInt(order.leavesLots) - before);
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
  events: readonly PlacedEvent<ShardEvent>[],
): Promise<Map<string, Followed>> {
  const accepted = new Set<string>();
  const changed: OrderName[] = [];
  for (const { type, data } of events) {
    switch (type) {
      case 'market.order-accepted':
        accepted.add(keyOf(data));
        break;
      case 'market.trade-executed':
        changed.push(...Object.values(tradedOrders(data)));
        break;
      case 'market.order-cancelled':
      case 'market.order-replaced':
      case 'market.order-restated':
      case 'market.order-triggered':
        changed.push(data);
        break;
      default:
        break;
    }
  }
  const before = changed.filter((order) => !accepted.has(keyOf(order)));
  if (before.length === 0) {
    return new Map();
  }
  const names = new Set(before.map(keyOf));
  const rows = await manager.query<
    (Followed & { readonly reservedPerLot: string; readonly filledNotional: string })[]
  >(
    `select order_id as "orderId", party_id as "partyId", series_id as "seriesId", side, price_ticks as "priceTicks",
            quantity_lots as "quantityLots", stop_price_ticks as "stopPriceTicks",
            reserved_per_lot as "reservedPerLot", filled_lots as "filledLots", filled_notional as "filledNotional",
            leaves_lots as "leavesLots", visible_lots as "visibleLots", display_lots as "displayLots",
            is_pending as "isPending", status, cancel_reason as "cancelReason",
            asked_price_ticks as "askedPriceTicks", asked_quantity_lots as "askedQuantityLots",
            asked_stop_price_ticks as "askedStopPriceTicks"
       from orders where order_id = any($1::uuid[]) and status = 'open'`,
    [before.map(({ orderId }) => orderId)],
  );
  return new Map(
    rows
      .map((row) => ({
        ...row,
        // An order by amount never outlives its command.
        quoteAmount: null,
        hasNewTerms: false,
        reservedPerLot: BigInt(row.reservedPerLot),
        filledNotional: BigInt(row.filledNotional),
      }))
      .filter((row) => names.has(keyOf(row)))
      .map((row) => [keyOf(row), row]),
  );
}

/** In the order of their keys, so that two transactions cannot wait for each other. */
function inOrder<Change>(changes: ReadonlyMap<string, Change>): Change[] {
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}
