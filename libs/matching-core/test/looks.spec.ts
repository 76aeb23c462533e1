import { describe, expect, it } from 'vitest';
import { MatchingCore } from '../src/index.js';
import type { BookView, LevelView, OrderView, Phase, Side, StateView } from '../src/types.js';
import { CommandGenerator } from './simulation/generator.js';

const CALLS: readonly Phase[] = [
  'pre_open',
  'pause',
  'opening_auction',
  'reopening_auction',
  'closing_auction',
];
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

/** Every look against the whole view; `asked` are the ids of orders that live or lived. */
function expectLooksToAgree(venue: MatchingCore, view: StateView, asked: Iterable<number>): void {
  const { time, lastOrderId, tradeCount, liveOrders } = venue;
  expect({ time, lastOrderId, tradeCount, openOrders: liveOrders }).toEqual({
    time: view.time,
    lastOrderId: view.lastOrderId,
    tradeCount: view.tradeCount,
    openOrders: view.openOrders,
  });
  expectAccounts(venue, view);
  const orders = view.books.flatMap((book) => ordersOf(book));
  for (const order of orders) expect(venue.order(order.orderId)).toEqual(order);
  for (const orderId of [0, ...asked, view.lastOrderId + 1])
    if (!orders.some((order) => order.orderId === orderId)) expect(venue.order(orderId)).toBeNull();
  const expiries = orders.map((order) => order.expiresAt).filter((expiresAt) => expiresAt > 0);
  expect(venue.nextExpiry()).toBe(expiries.length === 0 ? 0 : Math.min(...expiries));
  for (const book of view.books) expectBook(venue, book);
  for (let tradeId = 0; tradeId <= view.tradeCount + 1; tradeId += 1)
    expect(venue.trade(tradeId)).toEqual(
      view.trades.find((trade) => trade.tradeId === tradeId) ?? null,
    );
}

function expectAccounts(venue: MatchingCore, view: StateView): void {
  for (const { account, cash, tokens, openOrders, killed } of view.accounts) {
    expect(venue.balance(account, 0)).toEqual(cash);
    for (const { book, ...balance } of tokens)
      expect(venue.balance(account, book)).toEqual(balance);
    expect(venue.openOrders(account)).toBe(openOrders);
    expect(venue.isKilled(account)).toBe(killed);
  }
}

function ordersOf(book: BookView): (OrderView & { book: number; side: Side })[] {
  const on = (levels: readonly LevelView[], side: Side) =>
    levels.flatMap(({ orders }) => orders.map((order) => ({ ...order, book: book.book, side })));
  return [
    ...on(book.bids, 'buy'),
    ...on(book.buyStops, 'buy'),
    ...on(book.asks, 'sell'),
    ...on(book.sellStops, 'sell'),
  ];
}

function expectBook(venue: MatchingCore, view: BookView): void {
  const { book, bids, asks } = view;
  const limits = (levels: readonly LevelView[]) =>
    levels.map(({ price }) => price).filter((p) => p > 0 && p < venue.limits.ladderTicks - 1);
  expect(venue.bookState(book)).toEqual({
    config: view.config,
    phase: view.phase,
    lastPrice: view.lastPrice,
    referencePrice: view.referencePrice,
    staticLow: view.staticLow,
    staticHigh: view.staticHigh,
    dynamicPpm: view.dynamicPpm,
    levelSequence: view.levelSequence,
    bestBid: limits(bids).at(-1) ?? 0,
    bestAsk: limits(asks)[0] ?? 0,
    openOrders: ordersOf(view).length,
  });
  const summaries = (levels: readonly LevelView[]) =>
    levels.map(({ price, quantity, orders }) => ({ price, quantity, orders: orders.length }));
  expect(venue.levels(book, 'buy', 1_000)).toEqual(summaries(bids.toReversed()));
  expect(venue.levels(book, 'sell', 1_000)).toEqual(summaries(asks));
  expect(venue.levels(book, 'sell', 2)).toEqual(summaries(asks.slice(0, 2)));
  expect(venue.levels(book, 'buy', 0)).toEqual([]);
  expect(venue.indicative(book)).toEqual(
    CALLS.includes(view.phase) ? indicated(venue, view) : null,
  );
}

/** What `indicate` tells on a copy, which a call that is no auction is first made. */
function indicated(venue: MatchingCore, { book, phase }: BookView): unknown {
  const copy = MatchingCore.restore(venue.snapshot());
  if (!phase.endsWith('_auction'))
    copy.apply({ kind: 'set_phase', book, phase: 'opening_auction' });
  const [event] = copy.apply({ kind: 'indicate', book });
  if (event?.type !== 'auction') throw new Error('an auction phase indicates');
  const { price, volume, imbalance } = event;
  return { price, volume, imbalance };
}

describe('looks at the state', () => {
  it.each(seeds)('equal the state view after every command of seed %d', (seed) => {
    const generator = new CommandGenerator(seed);
    const venue = new MatchingCore(generator.limits);
    const asked = new Set<number>();
    for (const command of generator.opening()) venue.apply(command);
    for (let i = 0; i < 300; i += 1) {
      for (const event of venue.apply(generator.next(venue.stateView())))
        if (event.type === 'accepted') asked.add(event.orderId);
      const [hash, snapshot] = [venue.stateHash(), venue.snapshot()];
      expectLooksToAgree(venue, venue.stateView(), asked);
      expect(venue.stateHash()).toBe(hash);
      expect(venue.snapshot()).toEqual(snapshot);
    }
  });

  it('find nothing where there is nothing', () => {
    const venue = new MatchingCore({ accountCapacity: 2, bookCapacity: 1, orderCapacity: 4 });
    const nothing = { available: 0, reserved: 0 };
    for (const account of [0, 1, 3, 2 ** 30]) {
      expect(venue.balance(account, 0)).toEqual(nothing);
      expect(venue.balance(account, 1)).toEqual(nothing);
      expect(venue.openOrders(account)).toBe(0);
      expect(venue.isKilled(account)).toBe(false);
    }
    for (const number of [-1, 0, 1, 0.5, 2 ** 53, Number.NaN]) {
      expect(venue.order(number)).toBeNull();
      expect(venue.trade(number)).toBeNull();
      expect(venue.bookState(number)).toBeNull();
      expect(venue.indicative(number)).toBeNull();
      expect(venue.levels(number, 'buy', 5)).toEqual([]);
    }
    expect(venue.nextExpiry()).toBe(0);
  });
});
