import { microTokens, shares } from '@specie/quantities';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalFraction, equityReadings, sharesForEquity, sharesOfTranches } from './equity.js';

describe('Shares for equity', () => {
  it('are 1,111,111 for a tenth of 10,000,000', () => {
    expect(sharesForEquity(100_000, 10_000_000n)).toBe(1_111_111n);
  });

  it('differ by what counts towards the capitalization', () => {
    // One convertible of $500k at a $5M post-money cap: a tenth.
    const readings = equityReadings({
      equityPpm: 100_000,
      outstanding: 10_000_000n,
      convertiblePpm: 100_000,
    });
    expect(readings).toEqual({
      excludingConvertibles: 1_111_111n,
      convertiblesFirst: 1_234_567n,
      solvedTogether: 1_250_000n,
    });
  });

  it('agree where nothing converts', () => {
    expect(
      equityReadings({ equityPpm: 70_000, outstanding: 9_250_000n, convertiblePpm: 0 }),
    ).toEqual({
      excludingConvertibles: 696_236n,
      convertiblesFirst: 696_236n,
      solvedTogether: 696_236n,
    });
  });

  it('do not exist for nothing, for everything, or for more than is left', () => {
    expect(sharesForEquity(0, 10n)).toBeNull();
    expect(sharesForEquity(1_000_000, 10n)).toBeNull();
    expect(
      equityReadings({ equityPpm: 500_000, outstanding: 10n, convertiblePpm: 500_000 }),
    ).toBeNull();
  });

  it('are the most that stays within the percentage', () => {
    const input = fc.tuple(
      fc.integer({ min: 1, max: 999_999 }),
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
    );
    fc.assert(
      fc.property(input, ([ppm, capitalization]) => {
        const issued = sharesForEquity(ppm, capitalization) ?? -1n;
        const within = (count: bigint) =>
          count * 1_000_000n <= BigInt(ppm) * (capitalization + count);
        expect(within(issued)).toBe(true);
        expect(within(issued + 1n)).toBe(false);
      }),
    );
  });
});

describe('Shares of tranches', () => {
  it('round the cumulative down', () => {
    const quarters = [1n, 1n, 1n, 1n].map(microTokens);
    expect(sharesOfTranches(shares(1_111_111n), quarters)).toEqual([
      277_777n,
      277_778n,
      277_778n,
      277_778n,
    ]);
    expect(sharesOfTranches(shares(18n), quarters)).toEqual([4n, 5n, 4n, 5n]);
  });

  it('sum to the deal exactly and never run ahead of the tokens', () => {
    const input = fc.tuple(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.array(fc.bigInt({ min: 1n, max: 10n ** 12n }), { minLength: 1, maxLength: 64 }),
    );
    fc.assert(
      fc.property(input, ([total, tokens]) => {
        const parts = sharesOfTranches(shares(total), tokens.map(microTokens));
        const tokenTotal = tokens.reduce((sum, each) => sum + each, 0n);
        let issued = 0n;
        let accepted = 0n;
        parts.forEach((part, index) => {
          issued += part;
          accepted += tokens[index] ?? 0n;
          expect(part >= 0n && issued * tokenTotal <= total * accepted).toBe(true);
        });
        expect(issued).toBe(total);
      }),
    );
  });
});

describe('Decimal fraction', () => {
  it.each([
    [1n, 3n, '0.3333333333'],
    [2n, 3n, '0.6666666667'],
    [1n, 1n, '1.0000000000'],
    [0n, 0n, '0.0000000000'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(decimalFraction(part, whole)).toBe(text);
  });
});
