/**
 * Shares for a percentage of equity.
 *
 * Q1: N = floor(p / (1 - p) x C): after the issue the new shares are p of C + N, never more.
 * Q2: C depends on what counts towards it; the rules are terms of the deal, and every reading is shown before
 *     anybody signs.
 * Q3: Shares of tranches are differences of the rounded cumulative, so they sum to N exactly and what was
 *     issued never exceeds N x accepted / total.
 * Q4: Fractions are exact; only shares are rounded, and only down.
 */
import {
  divideFloor,
  divideHalfEven,
  shares,
  type MicroTokens,
  type Shares,
} from '@specie/quantities';

export const wholePpm = 1_000_000n;

/** Shares that are `equityPpm` of the capitalization after their issue; null if that is all or nothing of it. */
export function sharesForEquity(equityPpm: number, fullyDiluted: bigint): Shares | null {
  const part = BigInt(equityPpm);
  if (part <= 0n || part >= wholePpm) {
    return null;
  }
  return shares(divideFloor(part * fullyDiluted, wholePpm - part));
}

/** The same percentage under the three usual definitions of C. */
export interface EquityReadings {
  /** C without anything that may convert. */
  readonly excludingConvertibles: Shares;
  /** C after the convertibles took their fixed parts, without the new shares. */
  readonly convertiblesFirst: Shares;
  /** New shares and convertibles solved together: each has its part of the final total. */
  readonly solvedTogether: Shares;
}

/** Null if the parts leave nothing for those who hold shares now. */
export function equityReadings(terms: {
  readonly equityPpm: number;
  readonly outstanding: bigint;
  /** What convertibles will own together, of the capitalization they convert into. */
  readonly convertiblePpm: number;
}): EquityReadings | null {
  const { equityPpm, outstanding, convertiblePpm } = terms;
  const excludingConvertibles = sharesForEquity(equityPpm, outstanding);
  const part = BigInt(equityPpm);
  const others = BigInt(convertiblePpm);
  const rest = wholePpm - part - others;
  if (excludingConvertibles === null || others < 0n || rest <= 0n) {
    return null;
  }
  const first = divideFloor(part * outstanding * wholePpm, (wholePpm - part) * (wholePpm - others));
  const together = divideFloor(part * outstanding, rest);
  return {
    excludingConvertibles,
    convertiblesFirst: shares(first),
    solvedTogether: shares(together),
  };
}

/** Shares of each tranche, in order, by cumulative rounding down over the tokens. */
export function sharesOfTranches(total: Shares, tokens: readonly MicroTokens[]): readonly Shares[] {
  const tokenTotal = tokens.reduce<bigint>((sum, quantity) => sum + quantity, 0n);
  let tokensBefore = 0n;
  return tokens.map((quantity) => {
    const before = divideFloor(total * tokensBefore, tokenTotal);
    tokensBefore += quantity;
    return shares(divideFloor(total * tokensBefore, tokenTotal) - before);
  });
}

/** A part of a whole as a decimal with ten digits, for display only; the exact fraction is the two integers. */
export function decimalFraction(part: bigint, whole: bigint): string {
  const scaled = whole === 0n ? 0n : divideHalfEven(part * 10n ** 10n, whole);
  return `${scaled / 10n ** 10n}.${(scaled % 10n ** 10n).toString().padStart(10, '0')}`;
}
