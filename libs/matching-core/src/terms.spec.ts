import { describe, expect, it } from 'vitest';
import { ORDER_TYPES, POST_ONLY, SIDES, STP_MODES, TIMES_IN_FORCE } from './codes.js';
import {
  TERMS_END,
  areTerms,
  bookOf,
  flagsOf,
  isPendingStop,
  ladderOf,
  packTerms,
  readTerms,
  sideOf,
  withType,
} from './terms.js';

const everyTerms = SIDES.flatMap((side) =>
  ORDER_TYPES.flatMap((type) =>
    TIMES_IN_FORCE.flatMap((timeInForce) =>
      STP_MODES.flatMap((stp) =>
        POST_ONLY.flatMap((postOnly) =>
          [false, true].map((extended) => ({ side, type, timeInForce, stp, postOnly, extended })),
        ),
      ),
    ),
  ),
);

describe('the terms of an order', () => {
  it('are given back as they were packed, whatever the book above them', () => {
    for (const terms of everyTerms) {
      const packed = packTerms(terms);
      expect(readTerms(packed)).toEqual(terms);
      const flags = flagsOf(packed, 65_535);
      expect(bookOf(flags)).toBe(65_535);
      expect(sideOf(flags)).toBe(SIDES.indexOf(terms.side));
    }
  });

  it('are every integer that packs five names, and no other number', () => {
    const legal = new Set(everyTerms.map(packTerms));
    for (let terms = -1; terms <= TERMS_END; terms++) {
      expect(areTerms(terms), `${terms}`).toBe(legal.has(terms));
      if (!legal.has(terms)) expect(() => readTerms(terms)).toThrow(RangeError);
    }
    for (const other of [0.5, NaN, Infinity, 2 ** 32, 2 ** 53]) expect(areTerms(other)).toBe(false);
  });

  it('say where an order stands, before and after a stop has triggered', () => {
    const stop = packTerms({ side: 'sell', type: 'stop_limit', timeInForce: 'gtc', stp: 'none' });
    const flags = flagsOf(stop, 7);
    expect([isPendingStop(flags), ladderOf(flags)]).toEqual([true, 3]);
    const triggered = withType(flags, ORDER_TYPES.indexOf('limit'));
    expect([isPendingStop(triggered), ladderOf(triggered), bookOf(triggered)]).toEqual([
      false,
      1,
      7,
    ]);
  });
});
