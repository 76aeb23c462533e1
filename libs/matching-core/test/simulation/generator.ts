import type {
  BookConfig,
  BookView,
  Command,
  EngineLimits,
  NewOrder,
  OrderView,
  Phase,
  Side,
  StateView,
  StpMode,
} from '../../src/types.js';
import { Random } from './random.js';
import { damage } from './damage.js';

/** Seeded commands in small ranges of price and quantity, so that every feature meets every other. */

const ACCOUNTS = 6;
const STP_MODES: readonly StpMode[] = [
  'none',
  'cancel_newest',
  'cancel_oldest',
  'cancel_both',
  'decrement_and_cancel',
];
const TIERS = [0, 1, 2, 15];
const PHASES: readonly Phase[] = [
  'closed',
  'pre_open',
  'opening_auction',
  'continuous',
  'limit_state',
  'pause',
  'reopening_auction',
  'closing_auction',
  'halt',
  'cancel_only',
];
const WEIGHTS = {
  new_order: 58,
  cancel: 8,
  replace: 12,
  mass_cancel: 0.8,
  kill_switch: 0.4,
  set_time: 1.5,
  set_phase: 2.5,
  set_bands: 1.2,
  indicate: 0.8,
  bust: 0.8,
  correct: 1,
  deposit: 3,
  withdraw: 1,
  configure_account: 0.5,
  configure_book: 0.6,
  set_fees: 1.2,
} as const;

interface LiveOrder {
  readonly order: OrderView;
  readonly book: BookView;
  readonly side: Side;
  readonly pending: boolean;
}

export class CommandGenerator {
  readonly limits: EngineLimits;
  private readonly random: Random;
  private readonly bookCount: number;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.bookCount = this.random.between(1, 3);
    this.limits = {
      orderCapacity: this.random.pick([20, 48, 64]),
      accountCapacity: ACCOUNTS + 1,
      bookCapacity: this.bookCount + 1,
      ladderTicks: this.random.pick([32, 64, 1024]),
      tradeHistory: this.random.pick([1, 8, 64]),
    };
  }

  /** Books, accounts and money to start with. */
  opening(): Command[] {
    const commands: Command[] = [];
    for (let book = 1; book <= this.bookCount; book += 1) {
      const config = this.config();
      commands.push({ kind: 'configure_book', book, config });
      for (let i = this.random.between(0, 3); i > 0; i -= 1) commands.push(this.fees(book, config));
    }
    for (let account = 1; account <= ACCOUNTS; account += 1) {
      commands.push(this.account(account));
      for (let asset = 0; asset <= this.bookCount; asset += 1)
        commands.push({ kind: 'deposit', account, asset, amount: this.amount(asset) });
    }
    for (let book = 1; book <= this.bookCount; book += 1)
      commands.push({
        kind: 'set_phase',
        book,
        phase: this.random.pick(['continuous', 'pre_open']),
      });
    return commands;
  }

  next(view: StateView): Command {
    const command = this.valid(view);
    return this.random.chance(3) ? damage(command, this.random) : command;
  }

  private valid(view: StateView): Command {
    const random = this.random;
    const book = random.pick(view.books);
    const isMatching = book.phase === 'continuous' || book.phase === 'limit_state';
    if (!isMatching && random.chance(8)) return this.phase(book);
    const kind = random.weighted(WEIGHTS);
    const account = random.between(1, ACCOUNTS);
    switch (kind) {
      case 'new_order':
        return this.newOrder(view, book, account);
      case 'cancel': {
        const live = this.someOrder(view);
        if (live === undefined) return this.newOrder(view, book, account);
        return { kind, account: live.order.account, orderId: live.order.orderId };
      }
      case 'replace':
        return this.replace(view, book, account);
      case 'mass_cancel':
        return { kind, account, book: random.pick([0, book.book]) };
      case 'kill_switch':
        return { kind, account, engaged: true };
      case 'set_time':
        return { kind, time: view.time + random.between(1, 5) };
      case 'set_phase':
        return this.phase(book);
      case 'set_bands':
        return this.bands(book);
      case 'indicate':
        return { kind, book: this.auctionOr(view, book).book };
      case 'bust':
        return { kind, tradeId: this.tradeId(view) };
      case 'correct':
        return { kind, tradeId: this.tradeId(view), price: this.price(book, 8) };
      case 'deposit':
        return this.depositOrRelease(view, account);
      case 'withdraw': {
        const asset = random.between(0, this.bookCount);
        return { kind, account: random.between(0, ACCOUNTS), asset, amount: random.between(1, 60) };
      }
      case 'configure_account':
        return this.account(account);
      case 'configure_book':
        return { kind, book: book.book, config: this.changedConfig(book.config) };
      case 'set_fees':
        return this.fees(book.book, book.config);
    }
  }

  // Configuration and money

  private account(account: number): Command {
    const ownerGroup = this.random.chance(40) ? 1 : account;
    const openOrdersMax = this.random.pick([0, 0, 0, 4, 9]);
    const command = { kind: 'configure_account', account, ownerGroup, openOrdersMax } as const;
    return this.random.chance(25) ? command : { ...command, feeTier: this.random.pick(TIERS) };
  }

  /** Half of them cheaper for the tier; some above the cap, some with a rebate that another tier does not pay for. */
  private fees(book: number, { makerFeePpm, takerFeePpm, auctionFeePpm }: BookConfig): Command {
    const random = this.random;
    const taker = random.pick([takerFeePpm, takerFeePpm, takerFeePpm >> 1, 0]);
    return {
      kind: 'set_fees',
      book,
      tier: random.pick(TIERS),
      makerFeePpm: random.pick([makerFeePpm, makerFeePpm >> 1, 0, 0 - (taker >> 1), 0 - taker]),
      takerFeePpm: random.chance(4) ? taker + 1 : taker,
      auctionFeePpm: random.pick([auctionFeePpm, auctionFeePpm >> 2, 0]),
    };
  }

  private amount(asset: number): number {
    if (this.random.chance(15)) return this.random.between(1, 100);
    return asset === 0 ? this.random.between(2_000, 60_000) : this.random.between(50, 2_000);
  }

  /** Disengages a kill switch, or pays in. */
  private depositOrRelease(view: StateView, account: number): Command {
    const killed = view.accounts.find((candidate) => candidate.killed);
    if (killed !== undefined && this.random.chance(70))
      return { kind: 'kill_switch', account: killed.account, engaged: false };
    const asset = this.random.between(0, this.bookCount);
    return { kind: 'deposit', account, asset, amount: this.amount(asset) };
  }

  private config(): BookConfig {
    const random = this.random;
    const takerFeePpm = random.pick([0, 2_000, 30_000, 250_000]);
    const lotSize = random.pick([1, 1, 1, 3]);
    const tickSize = random.pick([1, 1, 1, 2]);
    const priceMax = this.limits.ladderTicks - 2;
    return {
      tickSize,
      lotSize,
      minPrice: random.pick([1, 2, 6]),
      maxPrice: random.pick([priceMax, 28]),
      minQuantity: random.pick([1, 1, 2]),
      maxQuantity: random.pick([30, 60, 2 ** 31 - 1]),
      minNotional: random.pick([0, 0, 20]),
      maxNotional: random.pick([400, 100_000, Number.MAX_SAFE_INTEGER]),
      protectionTicks: random.pick([0, 0, 1, 4]),
      makerFeePpm: random.pick([0, 1_000, 20_000, -takerFeePpm, 0 - Math.floor(takerFeePpm / 3)]),
      takerFeePpm,
      auctionFeePpm: random.pick([0, 1_500, 40_000]),
      reduceKeepsPriority: random.chance(75),
      selfTradeAllowed: random.chance(75),
      referenceFollowsTrades: random.chance(60),
    };
  }

  private changedConfig(config: BookConfig): BookConfig {
    const fresh = this.config();
    const { minQuantity, maxQuantity, minNotional, maxNotional, protectionTicks } = fresh;
    const { reduceKeepsPriority, selfTradeAllowed, referenceFollowsTrades } = fresh;
    if (this.random.chance(30)) return fresh;
    return {
      ...config,
      minQuantity,
      maxQuantity,
      minNotional,
      maxNotional,
      protectionTicks,
      reduceKeepsPriority,
      selfTradeAllowed,
      referenceFollowsTrades,
    };
  }

  private phase(book: BookView): Command {
    const target =
      book.phase !== 'continuous' && this.random.chance(75)
        ? this.random.pick<Phase>(['continuous', 'continuous', 'continuous', 'opening_auction'])
        : this.random.pick(PHASES);
    return { kind: 'set_phase', book: book.book, phase: target };
  }

  private bands(book: BookView): Command {
    const random = this.random;
    const middle = this.middle(book);
    const staticHigh = random.pick([0, 0, 0, middle + random.between(0, 8)]);
    return {
      kind: 'set_bands',
      book: book.book,
      staticLow: random.pick([0, 0, 0, Math.max(0, middle - random.between(0, 8))]),
      staticHigh: Math.min(staticHigh, this.limits.ladderTicks - 2),
      dynamicPpm: random.pick([0, 0, 150_000, 300_000, 500_000]),
      referencePrice: random.pick([0, 0, this.price(book, 3), this.limits.ladderTicks - 2]),
    };
  }

  private auctionOr(view: StateView, book: BookView): BookView {
    return view.books.find((candidate) => candidate.phase.endsWith('_auction')) ?? book;
  }

  private tradeId(view: StateView): number {
    return Math.max(0, view.tradeCount - this.random.between(0, 12));
  }

  // Orders

  private newOrder(view: StateView, book: BookView, account: number): NewOrder {
    const random = this.random;
    const type = random.weighted({ limit: 68, market: 18, stop: 7, stop_limit: 7 });
    const isCall = book.phase !== 'continuous' && book.phase !== 'limit_state';
    const restPercent = isCall ? 97 : 78;
    const mayRest = type !== 'market' && random.chance(type === 'limit' ? restPercent : 97);
    const timeInForce = mayRest
      ? random.pick(['gtc', 'gtc', 'gtc', 'day', 'gtd'] as const)
      : random.pick(['ioc', 'ioc', 'fok'] as const);
    const lots = this.quantity(book, random.chance(10) ? 30 : 9);
    const order: NewOrder = {
      kind: 'new_order',
      book: book.book,
      account,
      orderId: view.lastOrderId + random.pick([1, 1, 1, 2]),
      side: random.pick(['buy', 'sell'] as const),
      type,
      timeInForce,
      price: this.price(book, random.chance(15) ? 12 : 4),
      quantity: lots,
      stp:
        book.config.selfTradeAllowed || random.chance(5) ? random.pick(STP_MODES) : this.realStp(),
      ...(timeInForce === 'gtd' && { expiresAt: view.time + random.between(0, 12) }),
    };
    switch (type) {
      case 'limit':
        return this.withExtras(order, book, mayRest);
      case 'market': {
        const price = random.chance(60) ? 0 : order.price;
        if (!isCall && timeInForce === 'ioc' && random.chance(40))
          return { ...order, price, quantity: 0, quoteAmount: random.between(1, 600) };
        return { ...order, price };
      }
      case 'stop':
      case 'stop_limit':
        return this.stopOrder(view, order, book);
    }
  }

  private realStp(): StpMode {
    return this.random.pick(STP_MODES.slice(1));
  }

  private withExtras(order: NewOrder, book: BookView, mayRest: boolean): NewOrder {
    const random = this.random;
    if (!mayRest) return order;
    const lotSize = book.config.lotSize;
    const displayQuantity = random.chance(22) ? random.between(1, 3) * lotSize : 0;
    const postOnly = random.weighted({ no: 84, reject: 6, slide: 10 });
    return { ...order, displayQuantity, postOnly };
  }

  private stopOrder(view: StateView, order: NewOrder, book: BookView): NewOrder {
    const random = this.random;
    const plain: NewOrder = {
      ...order,
      price: order.type === 'stop' && random.chance(60) ? 0 : order.price,
      stopPrice: this.price(book, 5),
      displayQuantity: order.type === 'stop_limit' && random.chance(25) ? book.config.lotSize : 0,
    };
    const partner = this.someOrder(view, ({ order: candidate, pending }) => {
      return !pending && candidate.type === 'limit' && candidate.ocoPartner === 0;
    });
    if (partner === undefined || !random.chance(60)) return plain;
    return {
      ...plain,
      book: partner.book.book,
      account: partner.order.account,
      side: partner.side,
      quantity: partner.order.leavesQuantity,
      ocoPartner: partner.order.orderId,
    };
  }

  private replace(view: StateView, book: BookView, account: number): Command {
    const random = this.random;
    const live = this.someOrder(view);
    if (live === undefined) return this.newOrder(view, book, account);
    const { order, pending } = live;
    const samePrice = random.chance(45);
    const quantity = random.chance(60)
      ? Math.max(1, order.quantity - random.between(0, 4) * live.book.config.lotSize)
      : this.quantity(live.book, 12);
    return {
      kind: 'replace',
      account: order.account,
      orderId: order.orderId,
      price: samePrice ? order.price : this.price(live.book, 5),
      quantity,
      ...(pending && { stopPrice: samePrice ? order.stopPrice : this.price(live.book, 5) }),
    };
  }

  private someOrder(
    view: StateView,
    wanted: (live: LiveOrder) => boolean = () => true,
  ): LiveOrder | undefined {
    const all = view.books.flatMap((book) => [
      ...liveOrders(book, book.bids, 'buy', false),
      ...liveOrders(book, book.asks, 'sell', false),
      ...liveOrders(book, book.buyStops, 'buy', true),
      ...liveOrders(book, book.sellStops, 'sell', true),
    ]);
    const fitting = all.filter(wanted);
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }

  private middle(book: BookView): number {
    return book.lastPrice > 0 ? Math.min(book.lastPrice, 40) : 16;
  }

  private price(book: BookView, spread: number): number {
    const middle = (this.middle(book) * 3 + 16) >> 2;
    const { tickSize } = book.config;
    const price = middle + this.random.between(-spread, spread);
    return Math.max(tickSize, price - (price % tickSize));
  }

  private quantity(book: BookView, lotsMax: number): number {
    return this.random.between(1, lotsMax) * book.config.lotSize;
  }
}

function liveOrders(
  book: BookView,
  levels: BookView['bids'],
  side: Side,
  pending: boolean,
): LiveOrder[] {
  return levels.flatMap((level) => level.orders.map((order) => ({ order, book, side, pending })));
}
