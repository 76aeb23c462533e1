import { beforeEach, describe, expect, it } from 'vitest';
import type {
  BookConfig,
  Command,
  MatchingEngine,
  MatchingEvent,
  TradeEvent,
} from '../src/index.js';
import { MatchingCore } from '../src/index.js';
import { ADA, BEN, CY, order, plainConfig, smallLimits } from './desk.js';
import { implementations } from './engines.js';

/** SPEC 2.1 and 9.7 by hand; the fees of the config are the caps. */
const config: BookConfig = { ...plainConfig, makerFeePpm: 1_000, takerFeePpm: 5_000 };

const configureAccount = (account: number, feeTier?: number): Command => ({
  kind: 'configure_account',
  account,
  ownerGroup: account,
  openOrdersMax: 0,
  ...(feeTier !== undefined && { feeTier }),
});
const setFees = (tier: number, maker: number, taker: number, auction = 1_500): Command => ({
  kind: 'set_fees',
  book: 1,
  tier,
  makerFeePpm: maker,
  takerFeePpm: taker,
  auctionFeePpm: auction,
});
const configureBook = (change: Partial<BookConfig>): Command => ({
  kind: 'configure_book',
  book: 1,
  config: { ...config, ...change },
});
const reasonOf = ([event]: readonly MatchingEvent[]): string | undefined =>
  event?.type === 'rejected' ? event.reason : undefined;
const tradeIn = (events: readonly MatchingEvent[]): TradeEvent | undefined =>
  events.find((event) => event.type === 'trade');

describe.each(implementations)('fee tiers of the $name', ({ create }) => {
  let venue: MatchingEngine;

  beforeEach(() => {
    venue = create(smallLimits);
    venue.apply(configureBook({}));
    for (const account of [ADA, BEN, CY]) {
      venue.apply(configureAccount(account));
      venue.apply({ kind: 'deposit', account, asset: 0, amount: 1_000_000 });
      venue.apply({ kind: 'deposit', account, asset: 1, amount: 10_000 });
    }
    venue.apply({ kind: 'set_phase', book: 1, phase: 'continuous' });
  });

  const reason = (command: Command) => reasonOf(venue.apply(command));
  const cashOf = (account: number) => venue.stateView().accounts[account]?.cash;

  it('charge each side what its tier pays at the time of the trade', () => {
    venue.apply(order(1, ADA, { side: 'sell', price: 100, quantity: 300 }));
    venue.apply(configureAccount(ADA, 1));
    venue.apply(configureAccount(BEN, 15));
    expect(venue.apply(setFees(1, -500, 4_000))).toEqual([
      {
        type: 'fees_set',
        book: 1,
        tier: 1,
        makerFeePpm: -500,
        takerFeePpm: 4_000,
        auctionFeePpm: 1_500,
      },
    ]);
    const take = (orderId: number, account: number) =>
      tradeIn(venue.apply(order(orderId, account, { price: 100, quantity: 100 })));
    expect(take(2, BEN)).toMatchObject({ makerFee: -5, takerFee: 50 });
    venue.apply(setFees(15, 0, 2_000));
    expect(take(3, BEN)).toMatchObject({ makerFee: -5, takerFee: 20 });
    expect(take(4, CY)).toMatchObject({ makerFee: -5, takerFee: 50 });
  });

  it('charge each side of an auction by its own tier', () => {
    venue.apply({ kind: 'set_phase', book: 1, phase: 'opening_auction' });
    venue.apply(order(1, ADA, { side: 'sell', quantity: 100 }));
    venue.apply(order(2, BEN, { quantity: 100 }));
    venue.apply(configureAccount(ADA, 2));
    venue.apply(setFees(2, 1_000, 5_000, 300));
    const events = venue.apply({ kind: 'set_phase', book: 1, phase: 'continuous' });
    expect(tradeIn(events)).toMatchObject({ makerFee: 3, takerFee: 15 });
  });

  it('leave an order that rests reserved at the cap, and give the difference back when it fills', () => {
    venue.apply(configureAccount(ADA, 1));
    venue.apply(setFees(1, 0, 0));
    venue.apply(order(1, ADA, { price: 1_000, quantity: 100 }));
    expect(cashOf(ADA)).toEqual({ available: 1_000_000 - 100_500, reserved: 100_500 });
    venue.apply(order(2, BEN, { side: 'sell', price: 1_000, quantity: 100 }));
    expect(cashOf(ADA)).toEqual({ available: 900_000, reserved: 0 });
  });

  it('let a quote order buy what its own tier can pay for', () => {
    venue.apply(order(1, ADA, { side: 'sell', price: 1_000, quantity: 500 }));
    const buy = (orderId: number) =>
      tradeIn(
        venue.apply(
          order(orderId, BEN, {
            ...{ type: 'market', timeInForce: 'ioc', price: 0 },
            ...{ quantity: 0, quoteAmount: 100_000 },
          }),
        ),
      );
    expect(buy(2)).toMatchObject({ quantity: 99, takerFee: 495 });
    venue.apply(configureAccount(BEN, 1));
    venue.apply(setFees(1, 0, 0));
    expect(buy(3)).toMatchObject({ quantity: 100, takerFee: 0 });
  });

  it('correct a trade at its own rates, whatever the tier pays since', () => {
    venue.apply(order(1, ADA, { side: 'sell', price: 100, quantity: 100 }));
    venue.apply(order(2, BEN, { price: 100, quantity: 100 }));
    for (const tier of [0, 1]) venue.apply(setFees(tier, 0, 0, 0));
    venue.apply(configureAccount(BEN, 1));
    expect(venue.apply({ kind: 'correct', tradeId: 1, price: 200 })[0]).toMatchObject({
      makerFee: 20,
      takerFee: 100,
    });
  });

  it('are those of the last configure_account: 0 if it names none', () => {
    const tierOf = () => venue.stateView().accounts[ADA]?.feeTier;
    venue.apply(configureAccount(ADA, 15));
    venue.apply({ kind: 'kill_switch', account: ADA, engaged: true });
    expect(tierOf()).toBe(15);
    venue.apply(configureAccount(ADA));
    expect([tierOf(), venue.stateView().accounts[ADA]?.killed]).toEqual([0, true]);
    expect(reason(configureAccount(ADA, 16))).toBe('amount_out_of_range');
  });

  it('are refused above the cap, beyond the last tier, or in no book', () => {
    expect(reason(setFees(15, 1_000, 5_000, 1_500))).toBeUndefined();
    expect(reason(setFees(16, 0, 0, 0))).toBe('fees_invalid');
    expect(reason(setFees(1, 1_001, 5_000, 1_500))).toBe('fees_invalid');
    expect(reason(setFees(1, 1_000, 5_001, 1_500))).toBe('fees_invalid');
    expect(reason(setFees(1, 1_000, 5_000, 1_501))).toBe('fees_invalid');
    expect(reason({ ...setFees(1, 0, 0), book: 2 } as Command)).toBe('unknown_book');
    expect(reason(setFees(1, 0, -1))).toBe('malformed_command');
    expect(reason(setFees(1, 0, 0, -1))).toBe('malformed_command');
  });

  it('never pay one side more than the other side is charged, between any two tiers', () => {
    expect(reason(setFees(3, -2_000, 1_999))).toBe('fees_invalid');
    expect(reason(setFees(3, -2_000, 2_000))).toBeUndefined();
    expect(reason(setFees(4, 0, 1_999))).toBe('fees_invalid');
    expect(reason(setFees(4, 0, 2_000))).toBeUndefined();
    expect(reason(setFees(5, -2_001, 5_000))).toBe('fees_invalid');
    expect(reason(setFees(3, -1_000, 2_000))).toBeUndefined();
    expect(reason(setFees(4, 0, 1_000))).toBeUndefined();
  });

  it('follow the config until they are set, and are a floor of it afterwards', () => {
    venue.apply(setFees(1, 500, 3_000, 700));
    for (const change of [{ makerFeePpm: 499 }, { takerFeePpm: 2_999 }, { auctionFeePpm: 699 }])
      expect(reason(configureBook(change))).toBe('config_invalid');
    expect(
      reason(configureBook({ makerFeePpm: 500, takerFeePpm: 3_000, auctionFeePpm: 700 })),
    ).toBeUndefined();
    venue.apply(order(1, ADA, { side: 'sell', price: 100, quantity: 100 }));
    expect(tradeIn(venue.apply(order(2, BEN, { price: 100, quantity: 100 })))).toMatchObject({
      makerFee: 5,
      takerFee: 30,
    });
    expect(venue.stateView().books[0]?.fees).toEqual([
      { tier: 1, makerFeePpm: 500, takerFeePpm: 3_000, auctionFeePpm: 700 },
    ]);
  });
});

it('outlive a restart, set and unset ones apart', () => {
  const venue = new MatchingCore(smallLimits);
  for (const command of [configureBook({}), configureAccount(ADA, 9), setFees(9, -7, 1_000, 3)])
    venue.apply(command);
  const restored = MatchingCore.restore(venue.snapshot());
  expect(restored.stateView()).toEqual(venue.stateView());
  for (const engine of [venue, restored]) engine.apply(configureBook({ takerFeePpm: 9_000 }));
  expect(restored.snapshot()).toEqual(venue.snapshot());
  expect(restored.apply(setFees(0, 0, 9_000))).toMatchObject([{ type: 'fees_set' }]);
});
