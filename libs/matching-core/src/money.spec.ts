import { describe, expect, it } from 'vitest';
import { costPerLot, fee } from './money.js';

/** The definition of SPEC 2.1 in arbitrary precision. */
function exactFee(notional: number, ppm: number): number {
  const product = BigInt(notional) * BigInt(Math.abs(ppm));
  return ppm >= 0 ? Number((product + 999_999n) / 1_000_000n) : 0 - Number(product / 1_000_000n);
}

describe('fee', () => {
  it('rounds a charge up and a rebate down', () => {
    expect(fee(1, 1)).toBe(1);
    expect(fee(1_000_000, 1)).toBe(1);
    expect(fee(1_000_001, 1)).toBe(2);
    expect(fee(999_999, -1)).toBe(0);
    expect(fee(1_000_000, -1)).toBe(-1);
    expect(fee(0, 2_000)).toBe(0);
  });

  it('is exact up to the largest notional, close to every multiple', () => {
    for (let exponent = 1; exponent <= 51; exponent++)
      for (const ppm of [1, 7, 999, 2_000, 333_333, 999_999, 1_000_000])
        for (const nudge of [-1, 0, 1])
          for (const sign of [1, -1]) {
            const near = Math.floor(2 ** exponent / 1_000_000) * 1_000_000;
            const notional = Math.max(0, (near || 2 ** exponent) + nudge);
            expect(fee(notional, sign * ppm), `${notional} at ${sign * ppm}`).toBe(
              exactFee(notional, sign * ppm),
            );
          }
  });
});

describe('costPerLot', () => {
  it('covers every fill of any size at the price or below', () => {
    for (const ppm of [0, 1, 1_999, 2_000, 1_000_000])
      for (const price of [1, 3, 499, 500, 20_001])
        for (const lots of [1, 2, 7, 1_000_001])
          for (const better of [0, 1]) {
            const paid = Math.max(1, price - better) * lots;
            expect(paid + fee(paid, ppm)).toBeLessThanOrEqual(lots * costPerLot(price, ppm));
          }
  });
});
