import { describe, expect, it } from 'vitest';
import { publishReferencePrice, type MeasuredWindow } from './reference-price.decider.js';
import { referencePriceStream, type ReferencePrice } from './reference-price.state.js';

const seriesId = '5e12e500-0000-4000-8000-000000000001';
const window: MeasuredWindow = {
  seriesId,
  windowStartsAt: '2026-03-01T11:00:00.000Z',
  windowEndsAt: '2026-03-01T12:00:00.000Z',
  throughTradeNumber: 17,
  minimumTrades: 3,
  tradeCount: 5,
  volumeLots: 4_000,
  notional: 100_002_000,
};
const few = { ...window, tradeCount: 2 };
const unknown: ReferencePrice = { status: 'unknown' };
const fresh: ReferencePrice = {
  status: 'published',
  priceTicks: 25_000,
  stale: false,
  windowEndsAt: '2026-03-01T11:59:00.000Z',
};
const stale: ReferencePrice = { ...fresh, stale: true };
const { aggregate } = referencePriceStream(seriesId);

describe('A reference price', () => {
  it.each<
    readonly [
      string,
      MeasuredWindow,
      ReferencePrice,
      { readonly priceTicks: number; readonly stale: boolean } | null,
    ]
  >([
    ['is the average, half to even (R2)', window, unknown, { priceTicks: 25_000, stale: false }],
    [
      'is rounded up beyond half',
      { ...window, notional: 100_002_001 },
      unknown,
      { priceTicks: 25_001, stale: false },
    ],
    ['is not published before there are enough trades (R4)', few, unknown, null],
    [
      'is not published without any',
      { ...few, tradeCount: 0, volumeLots: 0, notional: 0 },
      unknown,
      null,
    ],
    ['is not published again where it is the same (R4)', window, fresh, null],
    [
      'is published where it changed',
      { ...window, notional: 100_400_000 },
      fresh,
      { priceTicks: 25_100, stale: false },
    ],
    ['becomes stale, and stays what it was (R3)', few, fresh, { priceTicks: 25_000, stale: true }],
    ['becomes stale once', few, stale, null],
    [
      'is fresh again with enough trades, though the same',
      window,
      stale,
      { priceTicks: 25_000, stale: false },
    ],
    [
      'is published once for a window (R1)',
      { ...window, notional: 100_400_000 },
      { ...fresh, windowEndsAt: window.windowEndsAt },
      null,
    ],
    [
      'is never that of an earlier window',
      few,
      { ...fresh, windowEndsAt: '2026-03-01T12:01:00.000Z' },
      null,
    ],
  ])('%s', (_case, measured, state, expected) => {
    const { events } = publishReferencePrice(measured, state);
    expect(events).toEqual(
      expected === null
        ? []
        : [{ type: 'market.reference-price-published', data: { ...measured, ...expected } }],
    );
    for (const event of events) {
      expect(aggregate.evolve(state, event)).toEqual({
        status: 'published',
        ...expected,
        windowEndsAt: measured.windowEndsAt,
      });
    }
  });

  it('has no impossible history', () => {
    const event = (changes: object) =>
      ({
        type: 'market.reference-price-published',
        data: { ...window, priceTicks: 25_000, stale: false, ...changes },
      }) as const;
    expect(() => aggregate.evolve(unknown, event({ stale: true }))).toThrow('before it becomes');
    expect(() => aggregate.evolve(stale, event({ stale: true }))).toThrow('R3');
    expect(() => aggregate.evolve(fresh, event({ stale: true, priceTicks: 1 }))).toThrow('R3');
    expect(() => aggregate.evolve(fresh, event({ windowEndsAt: fresh.windowEndsAt }))).toThrow(
      'R1',
    );
  });
});
