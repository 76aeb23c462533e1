/** How a division that does not come out even is rounded. Every division in Specie names one. */
export function divideFloor(dividend: bigint, divisor: bigint): bigint {
  assertPositive(divisor);
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

/** Rounds towards positive infinity: what a party owes is never rounded down. */
export function divideCeil(dividend: bigint, divisor: bigint): bigint {
  return -divideFloor(-dividend, divisor);
}

/** Rounds to the nearest, halves to the even neighbour. For figures that are only shown. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const floor = divideFloor(dividend, divisor);
  const twice = (dividend - floor * divisor) * 2n;
  if (twice !== divisor) {
    return twice > divisor ? floor + 1n : floor;
  }
  return floor % 2n === 0n ? floor : floor + 1n;
}

/**
 * Splits `total` in proportion to `weights` so that the parts sum to `total` exactly: floors first,
 * then one unit each to the largest remainders (ties: the earlier weight).
 *
 * @throws RangeError if `total` or a weight is negative, or all weights are zero.
 */
export function allocateByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total < 0n || weightSum <= 0n || weights.some((weight) => weight < 0n)) {
    throw new RangeError(
      'allocateByLargestRemainder: needs total >= 0 and weights >= 0 with a positive sum',
    );
  }
  const parts = weights.map((weight) => (total * weight) / weightSum);
  const left = Number(total - parts.reduce((sum, part) => sum + part, 0n));
  const order = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % weightSum }))
    .sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    );
  for (const { index } of order.slice(0, left)) {
    parts[index] = (parts[index] ?? 0n) + 1n;
  }
  return parts;
}

function assertPositive(divisor: bigint): void {
  if (divisor <= 0n) {
    throw new RangeError(`the divisor must be positive, not ${divisor}`);
  }
}
