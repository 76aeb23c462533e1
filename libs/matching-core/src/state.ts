import { INTEGER_MAX, isMatching } from './codes.js';
import { COMMAND_WIDTH } from './fields.js';
import { EventBuffer } from './events.js';
import { ExpiryQueue } from './expiry-queue.js';
import { FEE_RECORD, FEE_TIERS, FeeTiers } from './fee-tiers.js';
import { Ladder } from './ladder.js';
import { costPerLot, floorPpm } from './money.js';
import { OrderStore } from './orders.js';
import { TradeHistory } from './trade-history.js';
import type { BookConfig, EngineLimits } from './types.js';

/** An account apart from its balances: four 32-bit words, `words[account * WORDS + STATUS]`; see RECORD for the style. */
export const ACCOUNT_RECORD = {
  WORDS: 4,
  /** 0 = not configured. */
  OWNER_GROUP: 0,
  OPEN_ORDERS: 1,
  /** 0 = no limit. */
  OPEN_ORDERS_MAX: 2,
  STATUS: 3,
  /** In STATUS. */
  KILLED_BIT: 1,
  /** In STATUS: the fee tier, placed so that these bits alone are where its fees begin in the values of `FeeTiers`. */
  TIER_BITS: (FEE_TIERS - 1) * FEE_RECORD.DOUBLES,
} as const;
const { OPEN_ORDERS, OPEN_ORDERS_MAX, OWNER_GROUP, STATUS, WORDS } = ACCOUNT_RECORD;
const { KILLED_BIT, TIER_BITS } = ACCOUNT_RECORD;

/** Balances of one asset: [2 * account] is available, [2 * account + 1] is reserved. */
export type Balances = Float64Array;

export class Accounts {
  readonly words: Int32Array;
  readonly cash: Balances;
  /** Cash in all accounts together; deposits keep it countable (SPEC 2.7). */
  cashSupply = 0;
  readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.words = new Int32Array((capacity + 1) * WORDS);
    this.cash = new Float64Array(2 * (capacity + 1));
  }

  isConfigured(account: number): boolean {
    return account > 0 && account <= this.capacity && this.ownerGroup(account) !== 0;
  }

  ownerGroup(account: number): number {
    return this.words[account * WORDS + OWNER_GROUP] as number;
  }

  openOrders(account: number): number {
    return this.words[account * WORDS + OPEN_ORDERS] as number;
  }

  openOrdersMax(account: number): number {
    return this.words[account * WORDS + OPEN_ORDERS_MAX] as number;
  }

  isKilled(account: number): boolean {
    return (this.status(account) & KILLED_BIT) !== 0;
  }

  setKilled(account: number, killed: number): void {
    this.words[account * WORDS + STATUS] = (this.status(account) & ~KILLED_BIT) | killed;
  }

  feeTier(account: number): number {
    return this.feesAt(account) / FEE_RECORD.DOUBLES;
  }

  /** Where the fees of the account's tier begin in the `fees.values` of a book. */
  feesAt(account: number): number {
    return this.status(account) & TIER_BITS;
  }

  configure(account: number, ownerGroup: number, openOrdersMax: number, feeTier: number): void {
    const killed = this.status(account) & KILLED_BIT;
    this.words[account * WORDS + OWNER_GROUP] = ownerGroup;
    this.words[account * WORDS + OPEN_ORDERS_MAX] = openOrdersMax;
    this.words[account * WORDS + STATUS] = (feeTier * FEE_RECORD.DOUBLES) | killed;
  }

  private status(account: number): number {
    return this.words[account * WORDS + STATUS] as number;
  }
}

/** How far the short cut of plain-orders.ts reaches in a book: nowhere (0), to limit orders, to market orders as well. */
export const PLAIN_LIMIT = 1;
export const PLAIN_MARKET = 2;

export class Book {
  phase = 0;
  staticLow = 0;
  staticHigh = 0;
  dynamicPpm = 0;
  referencePrice = 0;
  lastPrice = -1;
  levelSequence = 0;
  tokenSupply = 0;
  /** Live orders of this book. */
  openOrders = 0;
  readonly tokens: Balances;
  readonly fees = new FeeTiers();
  /** Bids, asks, buy stops, sell stops. */
  readonly ladders: readonly [Ladder, Ladder, Ladder, Ladder];

  // SPEC 4.2, derived whenever what they derive from changes: in a command that trades only at its end, but for the phase.
  bandLow = 0;
  bandHigh = INTEGER_MAX;
  dynamicLow = 0;
  dynamicHigh = INTEGER_MAX;
  /** The furthest prices within both the range and the band. */
  highestBuy = 0;
  lowestSell = 0;
  plainKinds = 0;

  readonly number: number;
  config: BookConfig;
  /** SPEC 2.2: the highest fee an order can meet, whatever the tier of its account. */
  worstFeePpm = 0;

  constructor(number: number, config: BookConfig, limits: EngineLimits) {
    this.number = number;
    this.lastPrice = 0; // see State.tradeCount
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
    this.fees.follow(config);
    this.worstFeePpm = Math.max(config.makerFeePpm, config.takerFeePpm, config.auctionFeePpm, 0);
    this.deriveBands();
  }

  enterPhase(phase: number): void {
    this.phase = phase;
    this.derivePlain();
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
    this.highestBuy = Math.min(this.config.maxPrice, this.bandHigh);
    this.lowestSell = Math.max(this.config.minPrice, this.bandLow);
    this.derivePlain();
  }

  private derivePlain(): void {
    const kinds = this.config.protectionTicks === 0 ? PLAIN_MARKET : PLAIN_LIMIT;
    this.plainKinds = this.matching ? kinds : 0;
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
  tradeCount = -1;
  priorityCount = 0;

  // The quote order being executed, if any, the money it may still move, and what it has reserved.
  quoteOrder = 0;
  quoteLeft = 0;
  quoteReserved = 0;

  readonly limits: EngineLimits;

  constructor(limits: EngineLimits) {
    this.limits = limits;
    // A second write: a field that has never changed is compiled in as a constant, and the first trade would then cost the
    // code of all that reads it.
    this.tradeCount = 0;
    this.orders = new OrderStore(limits.orderCapacity);
    this.accounts = new Accounts(limits.accountCapacity);
    this.books = Array.from({ length: limits.bookCapacity + 1 }, () => undefined);
    this.trades = new TradeHistory(limits.tradeHistory);
  }

  configuredBooks(): Book[] {
    return this.books.filter((book) => book !== undefined);
  }
}
