import type { BookOpened, OrderAccepted } from '@specie/contracts';
import { assertNever } from '@specie/event-sourcing';
import { expect } from 'vitest';
import type { ShardEvent } from '../src/shard/shard-events.js';
import type { Venue } from '../src/shard/venue.js';

/** An order as the log alone tells of it. */
interface ReadOrder {
  readonly accepted: OrderAccepted['data'];
  price: number;
  leaves: number;
  visible: number;
  filled: number;
  /** What each lot of it sets aside. */
  perLot: bigint;
  /** Whether it waits for its stop price. */
  isPending: boolean;
  /** Counted whenever an order goes to the end of the queue at its price. */
  turn: number;
}

/**
 * A second, naive reading of the log that knows no engine: lists of orders, the best of which must be the next to trade.
 * It checks X4 to X7 on its way.
 */
export class LogReading {
  readonly open = new Map<string, ReadOrder>();
  private readonly books = new Map<string, { readonly terms: BookOpened['data']; phase: string }>();
  private taker: ReadOrder | null = null;
  private turns = 0;

  read(events: readonly ShardEvent[]): void {
    events.forEach((event) => this.readOne(event));
    const [first] = events;
    if (first?.type === 'market.order-accepted' && first.data.timeInForce === 'FOK') {
      this.checkFillOrKill(events);
    }
    this.checkCrossing();
  }

  private readOne({ type, data }: ShardEvent): void {
    switch (type) {
      case 'market.book-opened':
        this.books.set(data.seriesId, { terms: data, phase: data.phase });
        break;
      case 'market.order-accepted':
        this.accept(data);
        break;
      case 'market.order-replaced': {
        const order = this.orderOf(data);
        order.price = data.priceTicks;
        order.leaves = data.leavesLots;
        order.perLot = data.leavesLots === 0 ? 0n : BigInt(data.reserved) / BigInt(data.leavesLots);
        if (data.keptPriority) {
          order.visible = Math.min(order.visible, order.leaves);
        } else {
          this.goToTheEnd(order);
          this.taker = order;
        }
        this.dropIfDone(order);
        break;
      }
      case 'market.order-restated': {
        const order = this.orderOf(data);
        expect(data.filledLots).toBe(order.filled);
        this.takeAway(order, order.leaves - data.leavesLots);
        break;
      }
      case 'market.order-triggered': {
        const order = this.orderOf(data);
        expect([order.isPending, order.leaves]).toEqual([true, data.leavesLots]);
        order.isPending = false;
        order.perLot = BigInt(data.reserved) / BigInt(data.leavesLots);
        this.goToTheEnd(order);
        this.taker = order;
        break;
      }
      case 'market.order-cancelled':
        expect(this.orderOf(data).leaves).toBe(data.leavesLots);
        this.open.delete(keyOf(data));
        break;
      case 'market.phase-changed': {
        const book = this.bookOf(data.seriesId);
        expect(book.phase).toBe(data.from);
        book.phase = data.to;
        this.taker = null;
        break;
      }
      case 'market.trade-executed':
        this.trade(data);
        break;
      case 'market.self-trade-prevented': {
        const [maker, taker] = [data.makerOrderId, data.takerOrderId];
        this.orderOf({ partyId: data.partyId, orderId: maker });
        this.orderOf({ partyId: data.partyId, orderId: taker });
        break;
      }
      case 'market.account-limit-set':
      case 'market.auction-uncrossed':
      case 'market.bands-set':
      case 'market.cash-deposited':
      case 'market.cash-withdrawn':
      case 'market.kill-switch-set':
      case 'market.order-refused':
      case 'market.orders-mass-cancelled':
      case 'market.time-advanced':
      case 'market.tokens-deposited':
      case 'market.withdrawal-completed':
      case 'market.withdrawal-requested':
      case 'market.withdrawal-reverted':
        break;
      default:
        assertNever(type);
    }
  }

  private accept(data: OrderAccepted['data']): void {
    const order: ReadOrder = {
      accepted: data,
      price: data.priceTicks,
      leaves: data.quantityLots,
      visible: 0,
      filled: 0,
      perLot: data.quantityLots === 0 ? 0n : BigInt(data.reserved) / BigInt(data.quantityLots),
      isPending: data.kind === 'stop' || data.kind === 'stop_limit',
      turn: 0,
    };
    expect(this.open.has(keyOf(data))).toBe(false);
    this.open.set(keyOf(data), order);
    this.goToTheEnd(order);
    this.taker = order;
  }

  private trade(data: Extract<ShardEvent, { type: 'market.trade-executed' }>['data']): void {
    const takerBuys = data.takerSide === 'buy';
    const buy = this.orderOf({
      partyId: data.buyerPartyId,
      orderId: takerBuys ? data.takerOrderId : data.makerOrderId,
    });
    const sell = this.orderOf({
      partyId: data.sellerPartyId,
      orderId: takerBuys ? data.makerOrderId : data.takerOrderId,
    });
    const [maker, taker] = takerBuys ? [sell, buy] : [buy, sell];
    const resting = data.execution === 'auction' ? [buy, sell] : [maker];
    if (data.execution !== 'auction') {
      expect(taker).toBe(this.taker);
      expect(data.priceTicks).toBe(maker.price);
    }
    for (const order of resting) {
      expect(this.betterThan(order)).toEqual([]);
    }
    expect(levelOf(buy)).toBeGreaterThanOrEqual(data.priceTicks);
    expect(levelOf(sell)).toBeLessThanOrEqual(data.priceTicks);
    expect(data.notional).toBe(data.priceTicks * data.quantityLots);
    if (data.buyerPartyId === data.sellerPartyId) {
      expect(this.bookOf(data.seriesId).terms.selfTradeAllowed).toBe(true);
      expect(taker.accepted.selfTradePrevention).toBe('none');
    }
    for (const order of [buy, sell]) {
      order.filled += data.quantityLots;
      this.takeAway(order, data.quantityLots);
    }
  }

  private takeAway(order: ReadOrder, lots: number): void {
    if (order.accepted.quoteAmount !== undefined) return;
    order.leaves -= lots;
    if (order !== this.taker) {
      order.visible -= lots;
      expect(order.visible).toBeGreaterThanOrEqual(0);
      if (order.visible === 0) this.goToTheEnd(order);
    } else {
      order.visible = peakOf(order);
    }
    this.dropIfDone(order);
  }

  private goToTheEnd(order: ReadOrder): void {
    order.turn = this.turns += 1;
    order.visible = peakOf(order);
  }

  private dropIfDone(order: ReadOrder): void {
    expect(order.leaves).toBeGreaterThanOrEqual(0);
    if (order.leaves === 0 && order.accepted.quoteAmount === undefined) {
      this.open.delete(keyOf(order.accepted));
    }
  }

  /** Resting orders that had to trade before this one. */
  private betterThan(order: ReadOrder): readonly ReadOrder[] {
    const { seriesId, side } = order.accepted;
    return this.resting(seriesId, side).filter((other) =>
      levelOf(other) === levelOf(order)
        ? other.turn < order.turn
        : levelOf(other) > levelOf(order) === (side === 'buy'),
    );
  }

  private resting(seriesId: string, side: 'buy' | 'sell'): readonly ReadOrder[] {
    return [...this.open.values()].filter(
      (order) =>
        order.accepted.seriesId === seriesId && order.accepted.side === side && !order.isPending,
    );
  }

  /** X4 */
  private checkCrossing(): void {
    for (const [seriesId, { phase }] of this.books) {
      if (phase !== 'continuous' && phase !== 'limit_state') continue;
      const bid = Math.max(0, ...this.resting(seriesId, 'buy').map(levelOf));
      const ask = Math.min(Infinity, ...this.resting(seriesId, 'sell').map(levelOf));
      expect(bid).toBeLessThan(ask);
    }
  }

  /** X6 */
  private checkFillOrKill(events: readonly ShardEvent[]): void {
    const [first] = events;
    if (first?.type !== 'market.order-accepted') return;
    const { orderId, partyId, quantityLots } = first.data;
    const filled = events.reduce(
      (sum, { type, data }) =>
        type === 'market.trade-executed' &&
        data.takerOrderId === orderId &&
        (data.takerSide === 'buy' ? data.buyerPartyId : data.sellerPartyId) === partyId
          ? sum + data.quantityLots
          : sum,
      0,
    );
    if (first.data.quoteAmount === undefined) expect([0, quantityLots]).toContain(filled);
    expect(this.open.has(keyOf(first.data))).toBe(false);
  }

  private orderOf(name: { readonly partyId: string; readonly orderId: string }): ReadOrder {
    const order = this.open.get(keyOf(name));
    if (!order) throw new Error(`${name.orderId} is not open`);
    return order;
  }

  private bookOf(seriesId: string) {
    const book = this.books.get(seriesId);
    if (!book) throw new Error(`${seriesId} is not open`);
    return book;
  }
}

function keyOf({ partyId, orderId }: { readonly partyId: string; readonly orderId: string }) {
  return `${partyId} ${orderId}`;
}

/** Where the order stands: a market order without a price before all others. */
function levelOf({ accepted, price }: ReadOrder): number {
  return price > 0 ? price : accepted.side === 'buy' ? Infinity : 0;
}

function peakOf({ accepted, leaves }: ReadOrder): number {
  return Math.min(accepted.displayLots ?? leaves, leaves);
}

function sum(values: Iterable<bigint>): bigint {
  return [...values].reduce((total, value) => total + value, 0n);
}

function totalOf(events: readonly ShardEvent[], type: ShardEvent['type'], seriesId?: string) {
  return sum(
    events
      .filter(
        (event) =>
          event.type === type &&
          (seriesId === undefined ||
            ('seriesId' in event.data && event.data.seriesId === seriesId)),
      )
      .map(({ data }) =>
        'amount' in data ? data.amount : 'quantity' in data ? data.quantity : 0n,
      ),
  );
}

/** X1 to X7 of the shard, from the log alone on the one side and memory on the other. */
export function checkInvariants(venue: Venue, commands: readonly (readonly ShardEvent[])[]): void {
  const events = commands.flat();
  const reading = new LogReading();
  commands.forEach((command) => reading.read(command));
  checkCash(venue, events);
  const parties = new Set([
    ...venue.accounts.all(),
    ...venue.remainders.all().map(([, partyId]) => partyId),
  ]);
  const orders = [...reading.open.values()];
  const named = [...venue.orders.all()].map((order) => ({
    name: keyOf(order),
    leaves: venue.core.order(order.orderNumber)?.leavesQuantity,
    visible: venue.core.order(order.orderNumber)?.visibleQuantity,
  }));
  const read = [...reading.open].map(([name, { leaves, visible }]) => ({ name, leaves, visible }));
  expect(new Set(named)).toEqual(new Set(read));
  for (const partyId of parties) {
    const own = orders.filter(({ accepted }) => accepted.partyId === partyId);
    const reservedOf = (side: 'buy' | 'sell', seriesId?: string) =>
      sum(
        own
          .filter(
            ({ accepted }) =>
              accepted.side === side && (seriesId === undefined || accepted.seriesId === seriesId),
          )
          .map(({ leaves, perLot }) => BigInt(leaves) * perLot),
      );
    expect(venue.cashOf(partyId).reserved).toBe(reservedOf('buy'));
    expect(venue.cashOf(partyId).available).toBeGreaterThanOrEqual(0n);
    for (const seriesId of venue.books.all()) {
      const { available, reserved } = venue.tokensOf(seriesId, partyId);
      expect(reserved).toBe(reservedOf('sell', seriesId));
      expect(available).toBeGreaterThanOrEqual(0n);
    }
  }
  for (const seriesId of venue.books.all()) {
    const held = [...parties].map((partyId) => {
      const { available, reserved } = venue.tokensOf(seriesId, partyId);
      return available + reserved;
    });
    const pending = venue
      .allPending()
      .filter((one) => one.seriesId === seriesId)
      .map(({ quantity }) => quantity);
    expect(
      totalOf(events, 'market.tokens-deposited', seriesId) -
        totalOf(events, 'market.withdrawal-completed', seriesId),
    ).toBe(sum(held) + sum(pending));
  }
}

/** X1 */
function checkCash(venue: Venue, events: readonly ShardEvent[]): void {
  const deposits =
    totalOf(events, 'market.cash-deposited') - totalOf(events, 'market.cash-withdrawn');
  const held = venue.accounts.all().map((partyId) => {
    const { available, reserved } = venue.cashOf(partyId);
    return available + reserved;
  });
  expect(deposits).toBe(sum(held) + venue.feesEarned);
  expect(venue.cashTotal).toBe(deposits);
  const fees = events.map(({ type, data }) =>
    type === 'market.trade-executed' ? BigInt(data.buyerFee) + BigInt(data.sellerFee) : 0n,
  );
  expect(venue.feesEarned).toBe(sum(fees));
}

/** X8: no kind of thing of a party has an id twice. */
export function checkNames(events: readonly ShardEvent[]): void {
  const names = events.flatMap(({ type, data }) => {
    switch (type) {
      case 'market.order-accepted':
      case 'market.order-refused':
        return [`order ${keyOf(data)}`];
      case 'market.cash-deposited':
        return [`${type} ${data.depositId}`];
      case 'market.cash-withdrawn':
      case 'market.withdrawal-requested':
        return [`${type} ${data.partyId} ${data.withdrawalId}`];
      default:
        return [];
    }
  });
  expect(new Set(names).size).toBe(names.length);
}

/** S3, the market's side: every escrow movement that was told is credited, once and as it was. */
export function checkCredits(
  escrowed: ReadonlyMap<string, bigint>,
  events: readonly ShardEvent[],
): void {
  const credited = events.flatMap(({ type, data }) =>
    type === 'market.tokens-deposited'
      ? [
          [
            `credit-tokens ${data.partyId} ${data.seriesId} ${data.escrowId}`,
            data.quantity,
          ] as const,
        ]
      : [],
  );
  expect(new Map(credited)).toEqual(escrowed);
  expect(credited.length).toBe(escrowed.size);
}
