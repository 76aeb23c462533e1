import type { Collection } from '../digest.js';
import { movementAt, Movements } from '../hand-overs.js';
import type { Invariants } from '../invariants.js';
import { micro } from '../quantity.js';
import type { EventOfService } from '../wire-events.js';
import { movementKey, type Fold } from './fold.js';
import { Announcements } from './market/announcements.js';
import { TradingBalances, tokenKey } from './market/balances.js';
import { orderKey, type Order } from './market/order.js';
import { OrderEvents } from './market/order-events.js';
import { TradeEvents } from './market/trade-events.js';
import { VenueEvents } from './market/venue-events.js';
import { Venue, type EventOf } from './market/venue.js';

type Event = EventOfService<'market'>;

/** A trade, kept until the eligibility of both sides can be looked up (S7). */
export interface TradeFact {
  readonly buyerPartyId: string;
  readonly sellerPartyId: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly position: number;
  readonly eventId: string;
}

/**
 * Trading accounts, orders (also the ended ones, with nothing left) and fees. Besides the money, it checks the rules of trading
 * that hold whatever engine matched: S7 for what may not happen, S4 for prices, S9 for what does not follow from before.
 */
export class MarketFold implements Fold<Event> {
  readonly service = 'market';
  /** What was credited from the issuer's escrow. */
  readonly deposits = new Movements();
  readonly withdrawals = new Movements();
  /** How withdrawals ended. */
  readonly withdrawalEnds = new Movements();
  readonly trades: TradeFact[] = [];
  private readonly venue: Venue;
  private readonly balances: TradingBalances;
  private readonly orderEvents: OrderEvents;
  private readonly tradeEvents: TradeEvents;
  private readonly venueEvents: VenueEvents;
  private readonly announcements: Announcements;
  private readonly moved = new Set<string>();

  constructor(private readonly invariants: Invariants) {
    this.venue = new Venue(invariants);
    this.balances = new TradingBalances(invariants);
    this.orderEvents = new OrderEvents(this.venue);
    this.tradeEvents = new TradeEvents(this.venue);
    this.venueEvents = new VenueEvents(this.venue);
    this.announcements = new Announcements(this.venue);
  }

  apply(event: Event): void {
    const { orderEvents, tradeEvents, venueEvents } = this;
    switch (event.type) {
      case 'market.cash-deposited':
      case 'market.cash-withdrawn':
        return this.moveCash(event);
      case 'market.tokens-deposited':
      case 'market.withdrawal-requested':
      case 'market.withdrawal-completed':
      case 'market.withdrawal-reverted':
        return this.moveTokens(event);
      case 'market.order-accepted': {
        const order = orderEvents.accept(event);
        return this.balances.reserve(event, order, order.reserved);
      }
      case 'market.order-replaced':
        return this.changeOrder(event, (order) => orderEvents.replace(event, order));
      case 'market.order-restated':
        return this.changeOrder(event, (order) => orderEvents.restate(event, order));
      case 'market.order-triggered':
        return this.changeOrder(event, (order) => orderEvents.trigger(event, order));
      case 'market.order-cancelled':
        return this.changeOrder(event, (order) => orderEvents.cancel(event, order));
      case 'market.trade-executed':
        return this.trade(event);
      case 'market.self-trade-prevented':
        return tradeEvents.prevent(event);
      case 'market.book-opened':
        return venueEvents.openBook(event);
      case 'market.phase-changed':
        return venueEvents.changePhase(event);
      case 'market.auction-uncrossed':
        return venueEvents.uncross(event);
      case 'market.bands-set':
        return venueEvents.setBands(event);
      case 'market.time-advanced':
        return venueEvents.advanceTime(event);
      case 'market.kill-switch-set':
        return venueEvents.setKillSwitch(event);
      case 'market.orders-mass-cancelled':
        return venueEvents.massCancel(event);
      case 'market.account-limit-set':
        return this.venue.parties.limit(event.data);
      case 'market.reference-price-published':
        return this.announcements.publishReference(event);
      case 'market.calendar-set':
        return this.announcements.setCalendar(event);
      case 'market.order-refused':
      case 'market.state-attested':
      case 'market.input-discarded':
        return;
    }
  }

  /** What the command promised, then S4 and S7 of all that it changed. */
  closeCommand(): void {
    this.venue.closeCommand();
    this.balances.closeCommand();
  }

  collections(): readonly Collection[] {
    const orders = [...this.venue.orders].map(([key, order]) => {
      const { seriesId, partyId, side, priceTicks, leavesLots } = order;
      return [key, { seriesId, partyId, side, priceTicks, leavesLots }] as const;
    });
    return [...this.balances.collections(), { name: 'orders', rows: orders }];
  }

  /** Trading balances by series. */
  tokensBySeries(): ReadonlyMap<string, bigint> {
    return this.balances.tokensBySeries();
  }

  private moveTokens(
    event: EventOf<
      | 'market.tokens-deposited'
      | 'market.withdrawal-requested'
      | 'market.withdrawal-completed'
      | 'market.withdrawal-reverted'
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
        return this.balances.moveTokens(event, account, quantity);
      case 'market.withdrawal-requested':
        this.once(event, `${partyId} ${movementId}`);
        this.withdrawals.add(movement);
        return this.balances.moveTokens(event, account, -quantity);
      case 'market.withdrawal-completed':
        this.withdrawalEnds.add(movement);
        return;
      case 'market.withdrawal-reverted':
        this.withdrawalEnds.add(movement);
        return this.balances.moveTokens(event, account, quantity);
    }
  }

  private moveCash(event: EventOf<'market.cash-deposited' | 'market.cash-withdrawn'>): void {
    const { data } = event;
    const isDeposit = event.type === 'market.cash-deposited';
    this.once(
      event,
      isDeposit ? event.data.depositId : `${data.partyId} ${event.data.withdrawalId}`,
    );
    const amount = isDeposit ? micro(data.amount) : -micro(data.amount);
    this.balances.moveCash(event, data.partyId, amount);
  }

  /** Changes an open order, and what it sets aside with it. */
  private changeOrder(
    event: EventOf<
      | 'market.order-replaced'
      | 'market.order-restated'
      | 'market.order-triggered'
      | 'market.order-cancelled'
    >,
    change: (order: Order) => void,
  ): void {
    const { partyId, orderId } = event.data;
    const order = this.venue.orders.get(orderKey(partyId, orderId));
    if (order?.isOpen !== true) {
      const [, what] = event.type.split('-');
      this.invariants.violatedAt('S9', event, `the ${what} order ${orderId} is not open`);
      return;
    }
    const before = order.reserved;
    change(order);
    this.balances.reserve(event, order, order.reserved - before);
  }

  private trade(event: EventOf<'market.trade-executed'>): void {
    const sides = this.tradeEvents.sidesOf(event);
    if (sides === null) {
      return;
    }
    this.balances.settle(event, event.data, sides);
    this.tradeEvents.trade(event, sides);
    this.announcements.noteTrade(event);
    const { buyerPartyId, sellerPartyId } = event.data;
    const { position, eventId, occurredAtMs: atMs, recordedAtMs } = event;
    this.trades.push({ buyerPartyId, sellerPartyId, atMs, recordedAtMs, position, eventId });
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
