import type {
  BookConfig,
  BookView,
  NewOrder,
  OrderView,
  Phase,
  Side,
  StateView,
} from '@specie/matching-core';
import { pick, randomFrom, type RandomBelow } from '@specie/testing';
import type { FloorCommand } from './matching-log.js';

const accounts = [1, 2, 3, 4, 5];
const books = [1, 2];
const startsAtMs = Date.parse('2026-03-02T10:00:00.000Z');
const phases: readonly Phase[] = [
  ...(['closed', 'pre_open', 'opening_auction', 'pause', 'reopening_auction'] as const),
  ...(['closing_auction', 'halt', 'cancel_only'] as const),
];
const modes = ['cancel_newest', 'cancel_oldest', 'cancel_both', 'decrement_and_cancel'] as const;

interface Live extends OrderView {
  readonly book: BookView;
  readonly side: Side;
  readonly isPending: boolean;
}

/** Seeded commands in small ranges of price and quantity, so that every kind of order meets every other. */
export class RandomTrading {
  readonly ladderTicks: number;
  private readonly random: RandomBelow;

  constructor(seed: number) {
    this.random = randomFrom(seed);
    this.ladderTicks = pick([64, 128], this.random);
  }

  /** Books, accounts and money to start with. */
  opening(): FloorCommand[] {
    return [
      { kind: 'set_time', time: startsAtMs },
      ...books.map((book) => ({ kind: 'configure_book', book, config: this.config() }) as const),
      ...accounts.flatMap((account): FloorCommand[] => [
        { kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 },
        ...[0, ...books].map((asset) => this.deposit(account, asset)),
      ]),
      ...books.map((book) => ({ kind: 'set_phase', book, phase: 'continuous' }) as const),
    ];
  }

  next(view: StateView): FloorCommand {
    const book = pick(view.books, this.random);
    const account = pick(accounts, this.random);
    const isTrading = book.phase === 'continuous' || book.phase === 'limit_state';
    if (!isTrading && this.chance(12)) {
      return { kind: 'set_phase', book: book.book, phase: 'continuous' };
    }
    const die = this.random(1000);
    if (die < 90) return this.cancelOrOrder(view, book, account);
    if (die < 210) return this.replaceOrOrder(view, book, account);
    if (die < 220) return { kind: 'mass_cancel', account, book: pick([0, ...books], this.random) };
    if (die < 245) return this.killSwitch(view, account);
    if (die < 275) return { kind: 'set_time', time: view.time + 1 + this.random(4) };
    if (die < 310) return { kind: 'set_phase', book: book.book, phase: pick(phases, this.random) };
    if (die < 325) return this.bands(book);
    if (die < 370) return this.deposit(account, pick([0, ...books], this.random));
    if (die < 390) {
      const asset = pick([0, ...books], this.random);
      return { kind: 'withdraw', account, asset, amount: 1 + this.random(60) };
    }
    if (die < 395) {
      const openOrdersMax = pick([0, 0, 6], this.random);
      return { kind: 'configure_account', account, ownerGroup: account, openOrdersMax };
    }
    return this.order(view, book, account);
  }

  private chance(percent: number): boolean {
    return this.random(100) < percent;
  }

  private deposit(account: number, asset: number): FloorCommand {
    const amount = asset === 0 ? 2_000 + this.random(60_000) : 50 + this.random(2_000);
    return { kind: 'deposit', account, asset, amount };
  }

  private config(): BookConfig {
    const takerFeePpm = pick([0, 2_000, 30_000, 250_000], this.random);
    return {
      tickSize: pick([1, 1, 2], this.random),
      lotSize: pick([1, 1, 3], this.random),
      minPrice: pick([1, 2, 6], this.random),
      maxPrice: pick([this.ladderTicks - 2, 40], this.random),
      minQuantity: pick([1, 2], this.random),
      maxQuantity: pick([60, 2 ** 31 - 1], this.random),
      minNotional: pick([0, 0, 20], this.random),
      maxNotional: pick([400, 100_000], this.random),
      protectionTicks: pick([0, 1, 4], this.random),
      makerFeePpm: pick([0, 1_000, -takerFeePpm, 0 - Math.floor(takerFeePpm / 3)], this.random),
      takerFeePpm,
      auctionFeePpm: pick([0, 1_500, 40_000], this.random),
      reduceKeepsPriority: this.chance(75),
      selfTradeAllowed: this.chance(50),
      referenceFollowsTrades: this.chance(60),
    };
  }

  private killSwitch(view: StateView, account: number): FloorCommand {
    const killed = view.accounts.find((each) => each.killed);
    const by = pick(['party', 'operator'] as const, this.random);
    return killed === undefined
      ? { kind: 'kill_switch', account, engaged: this.chance(25), by }
      : { kind: 'kill_switch', account: killed.account, engaged: false, by };
  }

  private bands(book: BookView): FloorCommand {
    const middle = this.middle(book);
    const mayBe = (price: number): number => pick([0, 0, Math.max(1, price)], this.random);
    return {
      ...{ kind: 'set_bands', book: book.book },
      staticLow: mayBe(middle - this.random(8)),
      staticHigh: mayBe(middle + this.random(8)),
      dynamicPpm: pick([0, 150_000, 300_000, 500_000], this.random),
      referencePrice: pick([0, this.price(book, 3)], this.random),
    };
  }

  private order(view: StateView, book: BookView, account: number): NewOrder {
    const { tickSize, lotSize, selfTradeAllowed } = book.config;
    const type = pick(
      ['limit', 'limit', 'limit', 'limit', 'limit', 'market', 'stop', 'stop_limit'] as const,
      this.random,
    );
    const rests = type !== 'market' && (type !== 'limit' || this.chance(80));
    const timeInForce = rests
      ? pick(['gtc', 'gtc', 'day', 'gtd'] as const, this.random)
      : pick(['ioc', 'ioc', 'fok'] as const, this.random);
    const order: NewOrder = {
      ...{ kind: 'new_order', book: book.book, account, orderId: view.lastOrderId + 1 },
      ...{ side: pick(['buy', 'sell'] as const, this.random), type, timeInForce },
      price: this.price(book, this.chance(15) ? 12 : 4),
      quantity: (1 + this.random(this.chance(10) ? 20 : 8)) * lotSize,
      stp: selfTradeAllowed
        ? pick(['none', ...modes] as const, this.random)
        : pick(modes, this.random),
      ...(timeInForce === 'gtd' && { expiresAt: view.time + 1 + this.random(12) }),
    };
    switch (type) {
      case 'limit':
        return {
          ...order,
          ...(rests && this.chance(25) && { displayQuantity: (1 + this.random(3)) * lotSize }),
          ...(rests && {
            postOnly: pick(['no', 'no', 'no', 'reject', 'slide'] as const, this.random),
          }),
        };
      case 'market': {
        const price = this.chance(60) ? 0 : order.price;
        return timeInForce === 'ioc' && this.chance(50)
          ? { ...order, price, quantity: 0, quoteAmount: 1 + this.random(600) }
          : { ...order, price };
      }
      case 'stop':
      case 'stop_limit':
        return this.stop(view, order, { book, tickSize });
    }
  }

  private stop(
    view: StateView,
    order: NewOrder,
    { book, tickSize }: { readonly book: BookView; readonly tickSize: number },
  ): NewOrder {
    const isLimit = order.type === 'stop_limit';
    const plain = {
      ...order,
      price: !isLimit && this.chance(60) ? 0 : order.price,
      stopPrice: this.price(book, 5),
      ...(isLimit && this.chance(25) && { displayQuantity: book.config.lotSize }),
    };
    const limits = liveOrders(view).filter(
      (each) => !each.isPending && each.type === 'limit' && each.ocoPartner === 0,
    );
    if (limits.length === 0 || this.chance(40)) return plain;
    const leg = pick(limits, this.random);
    const away = order.side === 'buy' ? 4 * tickSize : -4 * tickSize;
    return {
      ...{ ...plain, book: leg.book.book, account: leg.account, side: leg.side },
      ...{ quantity: leg.leavesQuantity, ocoPartner: leg.orderId, displayQuantity: 0 },
      stopPrice: Math.max(leg.book.config.minPrice, leg.price + away),
    };
  }

  private cancelOrOrder(view: StateView, book: BookView, account: number): FloorCommand {
    const live = liveOrders(view);
    if (live.length === 0) return this.order(view, book, account);
    const { account: owner, orderId } = pick(live, this.random);
    return { kind: 'cancel', account: owner, orderId };
  }

  private replaceOrOrder(view: StateView, book: BookView, account: number): FloorCommand {
    const live = liveOrders(view);
    if (live.length === 0) return this.order(view, book, account);
    const order = pick(live, this.random);
    const less = order.quantity - this.random(4) * order.book.config.lotSize;
    const quantity = this.chance(60) ? Math.max(1, less) : order.quantity + this.random(6);
    return {
      ...{ kind: 'replace', account: order.account, orderId: order.orderId, quantity },
      price: this.chance(45) ? order.price : this.price(order.book, 4),
      stopPrice: order.isPending && this.chance(50) ? this.price(order.book, 4) : order.stopPrice,
    };
  }

  private middle(book: BookView): number {
    return book.lastPrice || 20;
  }

  private price(book: BookView, spread: number): number {
    const { tickSize, minPrice } = book.config;
    const ticks = this.middle(book) - spread + this.random(2 * spread + 1);
    return Math.max(minPrice, ticks - (ticks % tickSize));
  }
}

function liveOrders({ books: all }: StateView): Live[] {
  return all.flatMap((book) =>
    (['bids', 'asks', 'buyStops', 'sellStops'] as const).flatMap((list) =>
      book[list].flatMap(({ orders }) =>
        orders.map((order) => ({
          ...order,
          book,
          side: list === 'bids' || list === 'buyStops' ? ('buy' as const) : ('sell' as const),
          isPending: list.endsWith('Stops'),
        })),
      ),
    ),
  );
}
