import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  BareMatcher,
  fnvOfWords,
  generateW1,
  W1Kind,
  W1_LIMITS,
  W1_OP_WIDTH,
  W1_PRELUDE_COUNT,
} from '../../src/workload/index.js';
import { fastEngine, naiveTwin, type Implementation } from '../engines.js';
import { tradesThrough } from './w1-through.js';

/** M2: the figures the specification of W1 states. */
const FIGURES = [
  {
    timed: 1_000,
    counts: {
      limitAdds: 20_507,
      cancels: 443,
      markets: 26,
      marketableLimits: 24,
      trades: 79,
      lots: 1_482,
      liveAtEnd: 20_033,
      livePeak: 20_047,
      levelsPeak: 426,
      bestBid: 99_998,
      bestAsk: 100_004,
      lastId: 20_557,
    },
    fnv: 'a66ae8e5',
  },
  {
    timed: 100_000,
    counts: {
      limitAdds: 70_078,
      cancels: 44_959,
      markets: 2_462,
      marketableLimits: 2_501,
      trades: 17_832,
      lots: 405_442,
      liveAtEnd: 12_062,
      livePeak: 20_349,
      levelsPeak: 457,
      bestBid: 99_985,
      bestAsk: 99_986,
      lastId: 75_041,
    },
    fnv: '5c12ea6c',
  },
  {
    timed: 1_000_000,
    counts: {
      limitAdds: 520_271,
      cancels: 449_795,
      markets: 24_812,
      marketableLimits: 25_122,
      trades: 111_208,
      lots: 2_342_663,
      liveAtEnd: 7_894,
      livePeak: 20_349,
      levelsPeak: 457,
      bestBid: 99_904,
      bestAsk: 99_905,
      lastId: 570_205,
      draws: 6_130_476,
      finalDrawState: 2_917_606_942,
    },
    fnv: '42147cf0',
  },
] as const;

const sha256 = (words: Int32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(words.buffer, words.byteOffset, words.byteLength))
    .digest('hex');

describe('workload W1', () => {
  it.each(FIGURES)('has the stated figures for $timed operations', ({ timed, counts, fnv }) => {
    const w1 = generateW1(timed);
    expect(w1.counts).toMatchObject(counts);
    expect(fnvOfWords(w1.trades)).toBe(fnv);
  });

  it('has the stated operations, trades and checksums', () => {
    const { ops, trades, counts } = generateW1(1_000_000);
    const op = (k: number) => [...ops.subarray(k * W1_OP_WIDTH, (k + 1) * W1_OP_WIDTH)];
    expect([op(0), op(1), op(2)]).toEqual([
      [0, 1, 1, 100_004, 90],
      [0, 2, 1, 100_010, 93],
      [0, 3, 0, 99_944, 83],
    ]);
    expect([0, 1, 2, 3].map((k) => op(W1_PRELUDE_COUNT + k))).toEqual([
      [1, 19_841, 0, 0, 0],
      [2, 20_001, 0, 0, 12],
      [1, 18_828, 0, 0, 0],
      [0, 20_002, 0, 99_992, 87],
    ]);
    expect([...trades.subarray(0, 12)]).toEqual([
      ...[20_001, 1, 100_004, 12],
      ...[20_004, 181, 99_996, 20],
      ...[20_011, 1, 100_004, 43],
    ]);
    expect([...trades.subarray(-4)]).toEqual([570_204, 524_101, 99_904, 56]);
    expect(counts.finalMid.toFixed(4)).toBe('99898.4387');
    expect(sha256(ops)).toBe('f10ec6495bae085e01b2b16da9613b44bc85bcd501306c90a473c63f132d433b');
    expect(sha256(trades)).toBe('0b9f74ea200ad4607c643d5374d3697a4089ed60d4ee332ab9d86917f411b7f9');
  });

  it('gives the same trades through bare matching', () => {
    const { ops, trades } = generateW1(100_000);
    const bare = new BareMatcher({ ...W1_LIMITS, tradeCapacity: trades.length / 4 });
    for (let at = 0; at < ops.length; at += W1_OP_WIDTH) {
      const [kind = 0, id = 0, side = 0, price = 0, quantity = 0] = ops.subarray(
        at,
        at + W1_OP_WIDTH,
      );
      if (kind === W1Kind.cancel) bare.cancel(id);
      else if (kind === W1Kind.limit) bare.enter(id, side, price, quantity, true);
      else bare.enter(id, side, side === 0 ? 2 ** 31 - 1 : 0, quantity, false);
    }
    expect(sha256(bare.trades)).toBe(sha256(trades));
  });

  const runs: readonly [Implementation, number][] = [
    [naiveTwin, 1_000],
    [fastEngine, 1_000],
    [fastEngine, 100_000],
    [fastEngine, 1_000_000],
    ...(process.env['SPECIE_FULL'] === '1'
      ? ([[naiveTwin, 1_000_000]] satisfies [Implementation, number][])
      : []),
  ];
  it.each(runs)(
    'gives the same trades through the $name',
    { timeout: 600_000 },
    (engine, timed) => {
      const w1 = generateW1(timed);
      const { trades, checks } = tradesThrough(engine.create, w1);
      expect(fnvOfWords(trades)).toBe(FIGURES.find((figure) => figure.timed === timed)?.fnv);
      expect(sha256(trades)).toBe(sha256(w1.trades));
      expect(checks).toMatchObject({ openOrders: w1.counts.liveAtEnd, rejected: 0 });
      expect(checks.bestBid).toBe(w1.counts.bestBid);
      expect(checks.bestAsk).toBe(w1.counts.bestAsk);
      if (timed === 1_000_000)
        expect(checks).toMatchObject({
          notional: 234_161_912_499,
          fees: 702_585_595,
          venueCash: 702_585_595,
        });
    },
  );
});
