/** Exact integer arithmetic (SPEC 1.2, 2.1, 2.2), in bigint because price x quantity x ppm exceeds 2^53. */

export const SAFE_MAX = Number.MAX_SAFE_INTEGER;
/** The most lots that one order can count. */
export const LOTS_MAX = 2 ** 31 - 1;
const MILLION = 1_000_000n;

/** floor(a * b / 10^6) for non-negative a and b. */
export function floorPpm(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b)) / MILLION);
}

/** ceil(a * b / 10^6) for non-negative a and b. */
export function ceilPpm(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b) + MILLION - 1n) / MILLION);
}

/** SPEC 2.1: a charge is rounded up, a rebate (negative) is rounded down in size. */
export function feeOf(notional: number, ppm: number): number {
  return ppm >= 0 ? ceilPpm(notional, ppm) : 0 - floorPpm(notional, -ppm);
}

/** Multiples of `step` only, rounded down. */
export function roundDown(value: number, step: number): number {
  return value - (value % step);
}

export function floorDivide(a: number, b: number): number {
  return Number(BigInt(a) / BigInt(b));
}
