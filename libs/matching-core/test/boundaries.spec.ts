import { describe, expect, it } from 'vitest';
import type { BookConfig, Command, EngineLimits, MatchingEngine } from '../src/types.js';
import { CASE_CONFIG, playCase } from './cases/play.js';
import { implementations } from './engines.js';

/** The last value each check allows and the first it refuses, on the engine and on its twin. */
const INT_MAX = 2 ** 31 - 1;
const limits: EngineLimits = {
  orderCapacity: 8,
  accountCapacity: 3,
  bookCapacity: 2,
  ladderTicks: 64,
  tradeHistory: 4,
};
const config: BookConfig = { ...CASE_CONFIG, maxPrice: 62, maxQuantity: 100 };

const configs: readonly [string, Partial<BookConfig>, boolean][] = [
  ['tick = maxPrice', { tickSize: 62 }, true],
  ['tick above maxPrice', { tickSize: 63 }, false],
  ['lot = maxQuantity', { lotSize: 100 }, true],
  ['lot above maxQuantity', { lotSize: 101 }, false],
  ['minPrice = maxPrice', { minPrice: 62 }, true],
  ['minPrice above maxPrice', { minPrice: 62, maxPrice: 61 }, false],
  ['maxPrice = ladderTicks - 2', { maxPrice: 62 }, true],
  ['maxPrice = ladderTicks - 1', { maxPrice: 63 }, false],
  ['minPrice 0', { minPrice: 0 }, false],
  ['minQuantity = maxQuantity', { minQuantity: 100 }, true],
  ['minQuantity above maxQuantity', { minQuantity: 101 }, false],
  ['minQuantity 0', { minQuantity: 0 }, false],
  ['maxQuantity 2^31-1', { maxQuantity: INT_MAX }, true],
  ['maxQuantity 2^31', { maxQuantity: INT_MAX + 1 }, false],
  ['minNotional = maxNotional', { minNotional: 7, maxNotional: 7 }, true],
  ['minNotional above maxNotional', { minNotional: 8, maxNotional: 7 }, false],
  ['protection = ladderTicks', { protectionTicks: 64 }, true],
  ['protection above ladderTicks', { protectionTicks: 65 }, false],
  ['fees of 100 %', { makerFeePpm: 10 ** 6, takerFeePpm: 10 ** 6, auctionFeePpm: 10 ** 6 }, true],
  ['maker fee above 100 %', { makerFeePpm: 10 ** 6 + 1, takerFeePpm: 10 ** 6 }, false],
  ['taker fee above 100 %', { takerFeePpm: 10 ** 6 + 1 }, false],
  ['auction fee above 100 %', { auctionFeePpm: 10 ** 6 + 1 }, false],
  ['rebate = taker fee', { makerFeePpm: -500, takerFeePpm: 500 }, true],
  ['rebate above taker fee', { makerFeePpm: -501, takerFeePpm: 500 }, false],
];

const open: readonly Command[] = [
  { kind: 'configure_book', book: 1, config },
  { kind: 'configure_account', account: 1, ownerGroup: 1, openOrdersMax: 0 },
  { kind: 'set_phase', book: 1, phase: 'continuous' },
];
const account = (ownerGroup: number, openOrdersMax: number, feeTier = 0): Command => ({
  kind: 'configure_account',
  account: 2,
  ownerGroup,
  openOrdersMax,
  feeTier,
});
const fees = (tier: number, makerFeePpm: number, takerFeePpm: number): Command => ({
  kind: 'set_fees',
  book: 1,
  tier,
  makerFeePpm,
  takerFeePpm,
  auctionFeePpm: 0,
});
const bands = (staticLow: number, staticHigh: number, referencePrice: number): Command => ({
  kind: 'set_bands',
  book: 1,
  staticLow,
  staticHigh,
  dynamicPpm: 0,
  referencePrice,
});
const deposit = (amount: number): Command => ({ kind: 'deposit', account: 1, asset: 0, amount });

const commands: readonly [string, Command, boolean][] = [
  ['owner group 2^31-1', account(INT_MAX, 0), true],
  ['owner group 2^31', account(INT_MAX + 1, 0), false],
  ['openOrdersMax 2^31-1', account(1, INT_MAX), true],
  ['openOrdersMax 2^31', account(1, INT_MAX + 1), false],
  ['fee tier 15', account(1, 0, 15), true],
  ['fee tier 16', account(1, 0, 16), false],
  ['fees of tier 15', fees(15, 0, 0), true],
  ['fees of tier 16', fees(16, 0, 0), false],
  ['low = high', bands(9, 9, 0), true],
  ['low above high', bands(10, 9, 0), false],
  ['low = ladderTicks - 2', bands(62, 0, 0), true],
  ['low = ladderTicks - 1', bands(63, 0, 0), false],
  ['high = ladderTicks - 2', bands(0, 62, 0), true],
  ['high = ladderTicks - 1', bands(0, 63, 0), false],
  ['reference = ladderTicks - 2', bands(0, 0, 62), true],
  ['reference = ladderTicks - 1', bands(0, 0, 63), false],
  ['a balance of 2^53-1', deposit(Number.MAX_SAFE_INTEGER), true],
  ['an account number = capacity', { ...account(1, 0), account: 3 } as Command, true],
  ['an account number above capacity', { ...account(1, 0), account: 4 } as Command, false],
  ['a book number = capacity', { kind: 'configure_book', book: 2, config }, true],
  ['a book number above capacity', { kind: 'configure_book', book: 3, config }, false],
];

describe.each(implementations)('the $name', (implementation) => {
  const opened = (): MatchingEngine => {
    const engine = implementation.create(limits);
    for (const command of open) engine.apply(command);
    return engine;
  };
  const accepts = (engine: MatchingEngine, command: Command) =>
    engine.apply(command)[0]?.type !== 'rejected';

  it.each(configs)('decides on a book with %s', (_name, change, allowed) => {
    const command: Command = { kind: 'configure_book', book: 2, config: { ...config, ...change } };
    expect(accepts(opened(), command)).toBe(allowed);
  });

  it.each(commands)('decides on %s', (_name, command, allowed) => {
    expect(accepts(opened(), command)).toBe(allowed);
  });

  it('fills the balance to 2^53-1 and refuses one more', () => {
    const engine = opened();
    expect(accepts(engine, deposit(Number.MAX_SAFE_INTEGER - 1))).toBe(true);
    expect(accepts(engine, deposit(2))).toBe(false);
    expect(accepts(engine, deposit(1))).toBe(true);
    expect(accepts(engine, deposit(1))).toBe(false);
  });

  const script = (text: string, change: Partial<BookConfig> = {}) =>
    playCase(
      { name: 'boundaries', cash: 0, tokens: 0, config: change, cases: [] },
      text,
      implementation,
    );

  it('decides on prices, stop prices and quantities at both ends', () => {
    script(
      `deposit al cash 100000
       a al buy 2 @10
       b al buy 9 @20
       c al buy 1 @10
       > reject quantity_out_of_range
       d al buy 10 @10
       > reject quantity_out_of_range
       e al buy 2 @9
       > reject price_out_of_range
       f al buy 2 @21
       > reject price_out_of_range
       g al buy 2 stop 10
       h al buy 2 stop 20
       i al buy 2 stop 9
       > reject stop_price_out_of_range
       j al buy 2 stop 21
       > reject stop_price_out_of_range`,
      { minPrice: 10, maxPrice: 20, minQuantity: 2, maxQuantity: 9 },
    );
  });

  it('decides on notionals at both ends', () => {
    script(
      `deposit al cash 100000
       a al buy 2 @10
       b al buy 3 @10
       c al buy 1 @19
       > reject notional_out_of_range
       d al buy 1 @31
       > reject notional_out_of_range
       e al buy $20 market
       > cancel e 0 no_liquidity
       f al buy $31 market
       > reject notional_out_of_range`,
      { minNotional: 20, maxNotional: 30 },
    );
  });

  it('slides a post-only order to the ends of the range and not beyond', () => {
    script(
      `deposit al tokens 10
       deposit bo cash 1000
       a al sell 1 @11
       b bo buy 1 @11 slide
       = bids 1@10
       c al sell 1 @10
       > trade b c 1@10
       d al sell 1 @10
       e bo buy 1 @10 slide
       > reject post_only_would_take`,
      { minPrice: 10, maxPrice: 20 },
    );
  });

  it('corrects and busts down to a balance of zero and no further', () => {
    script(
      `deposit al tokens 10
       deposit bo cash 1000
       a al sell 10 @50
       b bo buy 10 @50
       > trade a b 10@50
       correct 1 @101
       > reject insufficient_cash
       correct 1 @100
       > corrected 1 50 to 100
       = cash bo 0 reserved 0
       withdraw al cash 500
       correct 1 @49
       > reject insufficient_cash
       correct 1 @50
       > corrected 1 100 to 50
       = cash al 0 reserved 0
       bust 1
       > reject insufficient_cash
       deposit al cash 500
       withdraw bo tokens 1
       bust 1
       > reject insufficient_tokens
       deposit bo tokens 1
       bust 1
       > busted 1
       = cash al 0 reserved 0
       = tokens bo 0 reserved 0`,
    );
  });

  it('clears nothing between market orders alone, and at the ends of the range with a reference', () => {
    const both = `phase opening_auction
       deposit al tokens 10
       deposit bo cash 1000
       a al sell 5 market
       b bo buy 5 market`;
    const range = { minPrice: 10, maxPrice: 20 };
    script(
      `${both}
       phase continuous
       > auction 0@0 0
       > cancel b 5 auction_remainder
       > cancel a 5 auction_remainder`,
      range,
    );
    for (const reference of [10, 20])
      script(
        `${both}
         bands 0 0 0 ${reference}
         phase continuous
         > auction 5@${reference} 0
         > trade a b 5@${reference}`,
        range,
      );
    for (const reference of [9, 21])
      script(`${both}\nbands 0 0 0 ${reference}\nindicate\n> auction 0@0 0`, range);
  });

  it('ends the partner of the buyer first when both sides of an auction trade have one', () => {
    script(
      `deposit al tokens 10
       deposit bo cash 100000
       phase opening_auction
       a al sell 5 @100
       as al sell 5 stop 80 oco a
       b bo buy 5 @100
       bs bo buy 5 stop 120 oco b
       phase continuous
       > auction 5@100 0
       > trade a b 5@100
       > cancel bs 5 oco
       > cancel as 5 oco`,
    );
  });
});
