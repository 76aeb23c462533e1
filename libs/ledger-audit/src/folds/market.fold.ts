import { formatMicro, microTokensPerLot } from '@specie/quantities';
import type { Collection } from '../digest.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService, WireData } from '../wire-events.js';
import { valueOf, type Fold } from './fold.js';
import type { EscrowMovement } from './issuance.fold.js';

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
  /** By escrow id. */
  readonly deposits = new Map<string, EscrowMovement>();
  /** By withdrawal id. */
  readonly requested = new Map<string, EscrowMovement>();
  /** Epoch milliseconds by withdrawal id. */
  readonly completed = new Map<string, number>();
  /** Epoch milliseconds by withdrawal id. */
  readonly reverted = new Map<string, number>();
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
        this.once(event, event.data.escrowId);
        this.deposits.set(event.data.escrowId, movementOf(event, event.data));
        this.change(event, this.tokens, tokenKey(event.data), micro(event.data.quantity), 0n);
        return;
      case 'market.withdrawal-requested':
        this.once(event, event.data.withdrawalId);
        this.requested.set(event.data.withdrawalId, movementOf(event, event.data));
        this.change(event, this.tokens, tokenKey(event.data), -micro(event.data.quantity), 0n);
        return;
      case 'market.withdrawal-completed':
        this.completed.set(event.data.withdrawalId, event.recordedAtMs);
        return;
      case 'market.withdrawal-reverted':
        this.once(event, `reverted ${event.data.withdrawalId}`);
        this.reverted.set(event.data.withdrawalId, event.recordedAtMs);
        this.change(event, this.tokens, tokenKey(event.data), micro(event.data.quantity), 0n);
        return;
      case 'market.order-accepted':
        return this.acceptOrder(event, event.data);
      case 'market.trade-executed':
        return this.trade(event, event.data);
      case 'market.order-cancelled':
        return this.cancel(event, event.data);
      case 'market.book-opened':
      case 'market.order-refused':
      case 'market.state-attested':
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
        rows: [...this.orders].map(([orderId, { data, leavesLots }]) => {
          const { seriesId, partyId, side, priceTicks } = data;
          return [orderId, { seriesId, partyId, side, priceTicks, leavesLots }];
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

  private moveCash(
    event: Extract<Event, { type: 'market.cash-deposited' | 'market.cash-withdrawn' }>,
  ): void {
    const isDeposit = event.type === 'market.cash-deposited';
    this.once(event, isDeposit ? event.data.depositId : event.data.withdrawalId);
    const amount = isDeposit ? micro(event.data.amount) : -micro(event.data.amount);
    this.cashIn += amount;
    this.change(event, this.cash, event.data.partyId, amount, 0n);
  }

  private acceptOrder(event: Event, data: WireData<'market.order-accepted'>): void {
    if (data.orderNumber !== this.orderNumber + 1 || this.orders.has(data.orderId)) {
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
    this.orders.set(data.orderId, order);
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
    const maker = this.orders.get(data.makerOrderId);
    const taker = this.orders.get(data.takerOrderId);
    const [buy, sell] = data.takerSide === 'buy' ? [taker, maker] : [maker, taker];
    if (buy === undefined || sell === undefined) {
      this.invariants.violatedAt('S7', event, 'the trade names an order that is not open');
      return;
    }
    if (data.notional !== data.priceTicks * data.quantityLots) {
      this.invariants.violatedAt('S4', event, 'the notional is not price times quantity');
    }
    const { buyerPartyId, sellerPartyId, quantityLots } = data;
    if (buy.data.partyId !== buyerPartyId || sell.data.partyId !== sellerPartyId) {
      this.invariants.violatedAt('S7', event, 'the parties are not those of the orders');
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
    const order = this.orders.get(data.orderId);
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

  private once(event: Event, movementId: string): void {
    if (this.moved.has(movementId)) {
      this.invariants.violatedAt('S9', event, `the movement ${movementId} happens twice`);
    }
    this.moved.add(movementId);
  }
}

function tokenKey(data: { readonly seriesId: string; readonly partyId: string }): string {
  return `${data.seriesId}/${data.partyId}`;
}

function movementOf(
  event: Event,
  data: { readonly partyId: string; readonly seriesId: string; readonly quantity: string },
): EscrowMovement {
  const { partyId, seriesId, quantity } = data;
  const { position, eventId, recordedAtMs } = event;
  return { partyId, seriesId, quantity: micro(quantity), position, eventId, recordedAtMs };
}
