import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocateByLargestRemainder,
  atomsPerMicroToken,
  atomsPerToken,
  divideCeil,
  divideFloor,
  divideHalfEven,
  formatMicro,
  h100eWeightPpm,
  microTokensPerLot,
  parseMicro,
} from './index.js';

describe('Division', () => {
  it('rounds as its name says, below zero too', () => {
    expect([divideFloor(7n, 2n), divideFloor(-7n, 2n)]).toEqual([3n, -4n]);
    expect([divideCeil(7n, 2n), divideCeil(-7n, 2n)]).toEqual([4n, -3n]);
    expect([5n, 7n, 6n, -5n].map((value) => divideHalfEven(value, 2n))).toEqual([2n, 4n, 3n, -2n]);
  });

  it('refuses a divisor that is not positive', () => {
    expect(() => divideFloor(1n, 0n)).toThrow(RangeError);
  });

  it('keeps floor <= exact <= ceil, at most one apart', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), (dividend, divisor) => {
        const floor = divideFloor(dividend, divisor);
        const ceil = divideCeil(dividend, divisor);
        expect(floor * divisor <= dividend && ceil * divisor >= dividend).toBe(true);
        expect(ceil - floor <= 1n).toBe(true);
      }),
    );
  });
});

describe('Allocation by largest remainder', () => {
  it('gives the odd units to the largest remainders, earlier weights first', () => {
    expect(allocateByLargestRemainder(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(allocateByLargestRemainder(100n, [2n, 3n, 1n])).toEqual([33n, 50n, 17n]);
  });

  it('always sums to the total and never strays a whole unit from the exact share', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), weights, (total, raw) => {
        fc.pre(raw.some((weight) => weight > 0n));
        const sum = raw.reduce((a, b) => a + b, 0n);
        const parts = allocateByLargestRemainder(total, raw);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        parts.forEach((part, index) => {
          const exact = total * (raw[index] ?? 0n);
          expect(part * sum - exact < sum && exact - part * sum < sum).toBe(true);
        });
      }),
    );
  });
});

describe('Decimal strings', () => {
  it('reads up to six fraction digits and nothing else', () => {
    expect(parseMicro('12.5')).toBe(12_500_000n);
    expect(parseMicro('0')).toBe(0n);
    for (const text of [
      '',
      '-1',
      '+1',
      '01',
      '1.',
      '.5',
      '1.1234567',
      '1e3',
      ' 1',
      '1 ',
      '0x10',
      '٣',
      '12345678901234567890',
    ]) {
      expect(parseMicro(text), text).toBeNull();
    }
  });

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (value) => {
        expect(parseMicro(formatMicro(value))).toBe(value);
      }),
    );
  });
});

describe('Units', () => {
  it('makes one lot times one tick exactly one micro-dollar', () => {
    const microMoneyPerTick = 100n;
    expect(microTokensPerLot * microMoneyPerTick).toBe(1_000_000n);
    expect(atomsPerMicroToken * 1_000_000n).toBe(atomsPerToken);
    expect(atomsPerToken).toBe(3_600n * 7_000n * 1_000_000n);
  });

  it('knows a weight only under its version', () => {
    expect(h100eWeightPpm('A100-80GB', 1)).toBe(315_311n);
    expect(h100eWeightPpm('A100-80GB', 2)).toBeNull();
    expect(h100eWeightPpm('toString', 1)).toBeNull();
  });
});
