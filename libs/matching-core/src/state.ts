import { INTEGER_MAX, isMatching } from './codes.js';
import { COMMAND_WIDTH } from './fields.js';
import { EventBuffer } from './events.js';
import { ExpiryQueue } from './expiry-queue.js';
import { Ladder } from './ladder.js';
import { costPerLot, floorPpm } from './money.js';
import { OrderStore } from './orders.js';
import { TradeHistory } from './trade-history.js';
import type { BookConfig, EngineLimits } from './types.js';

/** Balances of one asset: [2 * account] is available, [2 * account + 1] is reserved. */
export type Balances = Float64Array;

export class Accounts {
  /** 0 = not configured. */
  readonly ownerGroup: Int32Array;
  readonly openOrdersMax: Int32Array;
  readonly openOrders: Int32Array;
  readonly killed: Uint8Array;
  /** First of the account's live orders. */
  readonly firstOrder: Int32Array;
  readonly cash: Balances;
  /** Cash in all accounts together; deposits keep it countable (SPEC 2.7). */
  cashSupply = 0;
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.ownerGroup = new Int32Array(capacity + 1);
    this.openOrdersMax = new Int32Array(capacity + 1);
    this.openOrders = new Int32Array(capacity + 1);
    this.killed = new Uint8Array(capacity + 1);
    this.firstOrder = new Int32Array(capacity + 1);
    this.cash = new Float64Array(2 * (capacity + 1));
  }

  isConfigured(account: number): boolean {
    return account > 0 && account <= this.capacity && this.ownerGroup[account] !== 0;
  }
}

export class Book {
  phase = 0;
  staticLow = 0;
  staticHigh = 0;
  dynamicPpm = 0;
  referencePrice = 0;
  lastPrice = 0;
  levelSequence = 0;
  tokenSupply = 0;
  /** Live orders of this book. */
  openOrders = 0;
  readonly tokens: Balances;
  /** Bids, asks, buy stops, sell stops. */
  readonly ladders: readonly [Ladder, Ladder, Ladder, Ladder];

  // SPEC 4.2, derived by `deriveBands` whenever what they derive from changes: never inside a command that trades.
  bandLow = 0;
  bandHigh = INTEGER_MAX;
  dynamicLow = 0;
  dynamicHigh = INTEGER_MAX;

  readonly number: number;
  config: BookConfig;
  /** SPEC 2.2: the highest fee an order can meet. */
  worstFeePpm = 0;

  constructor(number: number, config: BookConfig, limits: EngineLimits) {
    this.number = number;
    this.config = config;
    this.configure(config);
    this.tokens = new Float64Array(2 * (limits.accountCapacity + 1));
    this.ladders = [
      new Ladder(limits.ladderTicks, false),
      new Ladder(limits.ladderTicks, true),
      new Ladder(limits.ladderTicks, true),
      new Ladder(limits.ladderTicks, false),
    ];
  }

  get matching(): boolean {
    return isMatching(this.phase);
  }

  configure(config: BookConfig): void {
    this.config = config;
    this.worstFeePpm = Math.max(config.makerFeePpm, config.takerFeePpm, config.auctionFeePpm, 0);
  }

  costPerLot(price: number): number {
    return costPerLot(price, this.worstFeePpm);
  }

  deriveBands(): void {
    this.dynamicLow = 0;
    this.dynamicHigh = INTEGER_MAX;
    if (this.dynamicPpm > 0 && this.referencePrice > 0) {
      const half = floorPpm(this.referencePrice, this.dynamicPpm);
      this.dynamicLow = Math.max(1, this.referencePrice - half);
      this.dynamicHigh = this.referencePrice + half;
    }
    this.bandLow = Math.max(this.staticLow, this.dynamicLow);
    this.bandHigh = Math.min(
      this.staticHigh === 0 ? INTEGER_MAX : this.staticHigh,
      this.dynamicHigh,
    );
  }
}

/** Everything the engine knows. The modules beside this one are functions over it. */
export class State {
  readonly orders: OrderStore;
  readonly accounts: Accounts;
  /** Indexed by book number. */
  readonly books: (Book | undefined)[];
  readonly trades: TradeHistory;
  readonly expiries = new ExpiryQueue();
  readonly events = new EventBuffer();
  /** The command being applied, as fields.ts lays it out. */
  readonly command = new Float64Array(COMMAND_WIDTH);
  commandSequence = 0;
  time = 0;
  lastOrderId = 0;
  tradeCount = 0;
  priorityCount = 0;

  // Of the quote order being executed, if any: its slot, the money it may still move, and what it has reserved.
  quoteSlot = 0;
  quoteLeft = 0;
  quoteReserved = 0;

  readonly limits: EngineLimits;

  constructor(limits: EngineLimits) {
    this.limits = limits;
    this.orders = new OrderStore(limits.orderCapacity);
    this.accounts = new Accounts(limits.accountCapacity);
    this.books = Array.from({ length: limits.bookCapacity + 1 }, () => undefined);
    this.trades = new TradeHistory(limits.tradeHistory);
  }

  configuredBooks(): Book[] {
    return this.books.filter((book) => book !== undefined);
  }
}
