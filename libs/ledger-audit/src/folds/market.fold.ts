import { formatMicro, microTokensPerLot } from '@specie/quantities';
import type { Collection } from '../digest.js';
import { movementAt, Movements } from '../hand-overs.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService, WireData } from '../wire-events.js';
import { movementKey, valueOf, type Fold } from './fold.js';

type Event = EventOfService<'market'>;

interface Balance {
  available: bigint;
  reserved: bigint;
}

interface Order {
  readonly data: WireData<'market.order-accepted'>;
  readonly reservedPerLot: bigint;
  leavesLots: number;
}

/** A trade, kept until the eligibility of both sides can be looked up (S7). */
export interface TradeFact {
  readonly buyerPartyId: string;
  readonly sellerPartyId: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly position: number;
  readonly eventId: string;
}

/** Trading accounts, orders (also the ended ones, with nothing left) and fees. */
export class MarketFold implements Fold<Event> {
  readonly service = 'market';
  /** What was credited from the issuer's escrow. */
  readonly deposits = new Movements();
  readonly withdrawals = new Movements();
  /** How withdrawals ended. */
  readonly withdrawalEnds = new Movements();
  readonly trades: TradeFact[] = [];
  private readonly cash = new Map<string, Balance>();
  private readonly tokens = new Map<string, Balance>();
  private readonly orders = new Map<string, Order>();
  private readonly fees = new Map<string, bigint>();
  private readonly moved = new Set<string>();
  /** Balances that the last command changed, with the event that did. */
  private readonly touched = new Map<Balance, { readonly key: string; readonly event: Event }>();
  /** Deposited less withdrawn, and what accounts and fees hold of it. */
  private cashIn = 0n;
  private cashHeld = 0n;
  private orderNumber = 0;
  private tradeNumber = 0;

  constructor(private readonly invariants: Invariants) {}

  apply(event: Event): void {
    switch (event.type) {
      case 'market.cash-deposited':
      case 'market.cash-withdrawn':
        return this.moveCash(event);
      case 'market.tokens-deposited':
      case 'market.withdrawal-requested':
      case 'market.withdrawal-completed':
      case 'market.withdrawal-reverted':
        return this.moveTokens(event);
      case 'market.order-accepted':
        return this.acceptOrder(event, event.data);
      case 'market.trade-executed':
        return this.trade(event, event.data);
      case 'market.order-cancelled':
        return this.cancel(event, event.data);
      case 'market.book-opened':
      case 'market.order-refused':
      case 'market.state-attested':
      case 'market.input-discarded':
        return;
    }
  }

  /** S4 and S7 of everything that the command changed. */
  closeCommand(): void {
    let last: Event | null = null;
    for (const [{ available, reserved }, { key, event }] of this.touched) {
      last = event;
      if (available < 0n || reserved < 0n) {
        this.invariants.violatedAt('S7', event, `the trading balance ${key} is negative`);
      }
    }
    if (last !== null && this.cashHeld !== this.cashIn) {
      const amounts = `${formatMicro(this.cashIn)} deposited less withdrawn, ${formatMicro(this.cashHeld)} held and earned`;
      this.invariants.violatedAt('S4', last, amounts);
    }
    this.touched.clear();
  }

  collections(): readonly Collection[] {
    const balanceRows = (balances: ReadonlyMap<string, Balance>): Collection['rows'] =>
      [...balances].map(([key, { available, reserved }]) => [
        key,
        { available: formatMicro(available), reserved: formatMicro(reserved) },
      ]);
    return [
      { name: 'cash', rows: balanceRows(this.cash) },
      { name: 'tokens', rows: balanceRows(this.tokens) },
      {
        name: 'orders',
        rows: [...this.orders.values()].map(({ data, leavesLots }) => {
          const { orderId, seriesId, partyId, side, priceTicks } = data;
          return [orderKey(partyId, orderId), { seriesId, partyId, side, priceTicks, leavesLots }];
        }),
      },
      {
        name: 'fees',
        rows: [...this.fees].map(([currency, earned]) => [
          currency,
          { earned: formatMicro(earned) },
        ]),
      },
    ];
  }

  /** Trading balances by series. */
  tokensBySeries(): ReadonlyMap<string, bigint> {
    const totals = new Map<string, bigint>();
    for (const [key, { available, reserved }] of this.tokens) {
      const seriesId = key.slice(0, key.indexOf('/'));
      totals.set(seriesId, (totals.get(seriesId) ?? 0n) + available + reserved);
    }
    return totals;
  }

  private moveTokens(
    event: Extract<
      Event,
      {
        type:
          | 'market.tokens-deposited'
          | 'market.withdrawal-requested'
          | 'market.withdrawal-completed'
          | 'market.withdrawal-reverted';
      }
    >,
  ): void {
    const { partyId, seriesId } = event.data;
    const isDeposit = event.type === 'market.tokens-deposited';
    const movementId = isDeposit ? event.data.escrowId : event.data.withdrawalId;
    const quantity = micro(event.data.quantity);
    const account = tokenKey(event.data);
    const outcome = event.type === 'market.withdrawal-reverted' ? 'refused' : 'done';
    const movement = movementAt(event, {
      ...{ key: movementKey(event.data, movementId), movementId, account },
      ...{ partyId, seriesId, quantity, outcome },
    });
    switch (event.type) {
      case 'market.tokens-deposited':
        this.deposits.add(movement);
        return this.change(event, this.tokens, account, quantity, 0n);
      case 'market.withdrawal-requested':
        this.once(event, `${partyId} ${movementId}`);
        this.withdrawals.add(movement);
        return this.change(event, this.tokens, account, -quantity, 0n);
      case 'market.withdrawal-completed':
        this.withdrawalEnds.add(movement);
        return;
      case 'market.withdrawal-reverted':
        this.withdrawalEnds.add(movement);
        return this.change(event, this.tokens, account, quantity, 0n);
    }
  }

  private moveCash(
    event: Extract<Event, { type: 'market.cash-deposited' | 'market.cash-withdrawn' }>,
  ): void {
    const isDeposit = event.type === 'market.cash-deposited';
    this.once(
      event,
      isDeposit ? event.data.depositId : `${event.data.partyId} ${event.data.withdrawalId}`,
    );
    const amount = isDeposit ? micro(event.data.amount) : -micro(event.data.amount);
    this.cashIn += amount;
    this.change(event, this.cash, event.data.partyId, amount, 0n);
  }

  private acceptOrder(event: Event, data: WireData<'market.order-accepted'>): void {
    const key = orderKey(data.partyId, data.orderId);
    if (data.orderNumber !== this.orderNumber + 1 || this.orders.has(key)) {
      this.invariants.violatedAt(
        'S9',
        event,
        `order ${data.orderNumber} follows order ${this.orderNumber}`,
      );
    }
    this.orderNumber = data.orderNumber;
    const reservedPerLot =
      data.quantityLots === 0 ? 0n : BigInt(data.reserved) / BigInt(data.quantityLots);
    const order = { data, reservedPerLot, leavesLots: data.quantityLots };
    this.orders.set(key, order);
    this.reserve(event, order, data.quantityLots);
  }

  private trade(event: Event, data: WireData<'market.trade-executed'>): void {
    if (data.tradeNumber !== this.tradeNumber + 1) {
      this.invariants.violatedAt(
        'S9',
        event,
        `trade ${data.tradeNumber} follows trade ${this.tradeNumber}`,
      );
    }
    this.tradeNumber = data.tradeNumber;
    const { makerOrderId, takerOrderId, takerSide } = data;
    const [buyId, sellId] =
      takerSide === 'buy' ? [takerOrderId, makerOrderId] : [makerOrderId, takerOrderId];
    const buy = this.orders.get(orderKey(data.buyerPartyId, buyId));
    const sell = this.orders.get(orderKey(data.sellerPartyId, sellId));
    if (buy === undefined || sell === undefined) {
      this.invariants.violatedAt(
        'S7',
        event,
        'the trade names an order that its party does not have',
      );
      return;
    }
    if (data.notional !== data.priceTicks * data.quantityLots) {
      this.invariants.violatedAt('S4', event, 'the notional is not price times quantity');
    }
    const { buyerPartyId, sellerPartyId, quantityLots } = data;
    if (buy.data.side !== 'buy' || sell.data.side !== 'sell') {
      this.invariants.violatedAt('S7', event, 'the parties are not on the sides of their orders');
    }
    const [resting, taking] = takerSide === 'buy' ? [sell, buy] : [buy, sell];
    const limit = taking.data.priceTicks;
    const isWithin = takerSide === 'buy' ? data.priceTicks <= limit : data.priceTicks >= limit;
    if (data.priceTicks !== resting.data.priceTicks || !isWithin) {
      const prices = `${resting.data.priceTicks} of the resting order, ${limit} of the other`;
      const reason = `trade ${data.tradeId} at ${data.priceTicks} ticks, not within ${prices}`;
      this.invariants.violatedAt('S4', event, reason);
    }
    const quantity = BigInt(quantityLots) * microTokensPerLot;
    const set = buy.reservedPerLot * BigInt(quantityLots);
    const [notional, buyerFee, sellerFee] = [
      BigInt(data.notional),
      BigInt(data.buyerFee),
      BigInt(data.sellerFee),
    ];
    this.change(event, this.cash, buyerPartyId, set - notional - buyerFee, -set);
    this.change(event, this.tokens, `${data.seriesId}/${buyerPartyId}`, quantity, 0n);
    this.change(event, this.tokens, `${data.seriesId}/${sellerPartyId}`, 0n, -quantity);
    this.change(event, this.cash, sellerPartyId, notional - sellerFee, 0n);
    this.fees.set('USD', (this.fees.get('USD') ?? 0n) + buyerFee + sellerFee);
    this.cashHeld += buyerFee + sellerFee;
    for (const order of [buy, sell]) {
      order.leavesLots -= quantityLots;
      if (order.leavesLots < 0) {
        this.invariants.violatedAt('S7', event, 'an order fills beyond its quantity');
      }
    }
    const { position, eventId, occurredAtMs, recordedAtMs } = event;
    this.trades.push({
      buyerPartyId,
      sellerPartyId,
      atMs: occurredAtMs,
      recordedAtMs,
      position,
      eventId,
    });
  }

  private cancel(event: Event, data: WireData<'market.order-cancelled'>): void {
    const order = this.orders.get(orderKey(data.partyId, data.orderId));
    if (order === undefined || order.leavesLots === 0) {
      this.invariants.violatedAt('S9', event, 'the cancelled order is not open');
      return;
    }
    this.reserve(event, order, -order.leavesLots);
    order.leavesLots = 0;
  }

  private reserve(event: Event, order: Order, lots: number): void {
    const amount = order.reservedPerLot * BigInt(lots);
    const isBuy = order.data.side === 'buy';
    const key = isBuy ? order.data.partyId : tokenKey(order.data);
    this.change(event, isBuy ? this.cash : this.tokens, key, -amount, amount);
  }

  private change(
    event: Event,
    balances: Map<string, Balance>,
    key: string,
    available: bigint,
    reserved: bigint,
  ): void {
    const balance = valueOf(balances, key, () => ({ available: 0n, reserved: 0n }));
    balance.available += available;
    balance.reserved += reserved;
    this.cashHeld += balances === this.cash ? available + reserved : 0n;
    this.touched.set(balance, { key, event });
  }

  /** `id` names something only among events of one type. */
  private once(event: Event, id: string): void {
    const key = `${event.type} ${id}`;
    if (this.moved.has(key)) {
      this.invariants.violatedAt('S9', event, `the movement ${id} happens twice`);
    }
    this.moved.add(key);
  }
}

/** Who places an order chooses its id. */
function orderKey(partyId: string, orderId: string): string {
  return `${partyId}/${orderId}`;
}

function tokenKey(data: { readonly seriesId: string; readonly partyId: string }): string {
  return `${data.seriesId}/${data.partyId}`;
}
